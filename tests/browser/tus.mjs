// Sends a file with tus-js-client: node tus.mjs ADDRESS COOKIE TOKEN FILE [ABORT_AT]. Prints the upload's address.
// With ABORT_AT it stops after so many bytes and goes on with a client of its own.
import { createReadStream, statSync } from "node:fs";
import * as tus from "tus-js-client";

const [address, cookie, token, file, abortAt] = process.argv.slice(2);
const headers = { Cookie: cookie, "X-CSRFToken": token };

function send(options) {
  return new Promise((resolve, reject) => {
    const upload = new tus.Upload(createReadStream(file), {
      endpoint: `${address}/uploads`, headers, uploadSize: statSync(file).size, chunkSize: 300_000,
      metadata: { filename: "из tus-js.wav" }, retryDelays: [0, 200, 500],
      onError: reject, onSuccess: () => resolve(upload.url), ...options(() => upload, resolve),
    });
    upload.start();
  });
}

const halfway = (self, resolve) => ({
  onChunkComplete: async (_size, accepted) => {
    if (!abortAt || accepted < Number(abortAt)) return;
    await self().abort();
    resolve(self().url);
  },
});
let url = await send(halfway);
if (abortAt) url = await send(() => ({ uploadUrl: url }));
if (!abortAt) {
  const gone = await send(halfway);
  await tus.Upload.terminate(gone, { headers });
}
console.log(url);
