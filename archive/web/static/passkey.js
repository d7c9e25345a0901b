// Asks the browser for a passkey and sends its answer as an ordinary form. Without it the forms stay hidden.

const bytes = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), sign => sign.charCodeAt(0))
const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')

function asked (options) {
  options.challenge = bytes(options.challenge)
  if (options.user) options.user.id = bytes(options.user.id)
  for (const name of ['excludeCredentials', 'allowCredentials']) {
    options[name] = (options[name] ?? []).map(one => ({ ...one, id: bytes(one.id) }))
  }
  return { publicKey: options }
}

function answered (credential) {
  const names = ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']
  const given = names.filter(name => credential.response[name]).map(name => [name, text(credential.response[name])])
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: {},
    response: Object.fromEntries(given)
  })
}

async function ask (form) {
  const token = new FormData()
  token.set('csrf_token', form.elements.csrf_token.value)
  const headers = { Accept: 'application/json' }
  const answer = await fetch(form.dataset.challenge, { method: 'POST', body: token, headers })
  if (!answer.ok) throw new Error(answer.status)
  const credential = await navigator.credentials[form.dataset.passkey](asked(await answer.json()))
  form.elements.answer.value = answered(credential)
  form.submit()
}

for (const form of document.querySelectorAll('form[data-passkey]')) {
  if (!window.PublicKeyCredential) continue
  form.hidden = false
  form.addEventListener('submit', event => {
    event.preventDefault()
    const said = form.querySelector('[data-said]')
    said.hidden = true
    ask(form).catch(() => {
      said.textContent = form.dataset.saysFailed
      said.hidden = false
    })
  })
}
