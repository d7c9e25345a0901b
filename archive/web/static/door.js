// Whoever comes from a link to a passage goes on to it after signing in. Browsers do not send what stands behind the
// “#”, but keep it on the way here.
if (location.hash) {
  for (const to of document.querySelectorAll("[name=to]")) {
    if (to.value && !to.value.includes("#")) to.value += location.hash;
  }
  for (const link of document.querySelectorAll("a[hreflang]")) link.hash = location.hash;
}
