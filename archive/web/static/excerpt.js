import { Follower } from "./follow.js";
import { Player } from "./player.js";

new Follower(new Player(document.querySelector("[data-player]")));
