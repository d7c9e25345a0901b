// The code stands behind the # of the link, which browsers never send; here it goes into the form and out of the address.
if (location.hash.length > 1) {
  document.querySelector("input[name=invitation], input[name=reset]").value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname + location.search);
  document.querySelector("input[name=name], input[name=password]").focus();
}
