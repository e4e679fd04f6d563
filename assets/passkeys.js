// Passkeys: forms marked with data-passkey ask the device before they are sent. The server names the challenge; what the
// device has signed goes into the form's field `credential`. Where a browser has no passkeys, these forms stay hidden.
(() => {
  'use strict';
  const root = document.documentElement;
  if (window.PublicKeyCredential && navigator.credentials) root.dataset.passkeys = '';

  const bytes = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), letter => letter.charCodeAt(0));
  const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  const known = list => (list ?? []).map(each => ({ ...each, id: bytes(each.id) }));

  // Before htmx, which would send the form as it is.
  document.addEventListener('submit', event => {
    const form = event.target;
    if (!form.dataset.passkey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(form).catch(error => tell(form, error));
  }, true);

  async function ask(form) {
    tell(form);
    const options = await challenge(form);
    const credential = form.dataset.passkey === 'create' ? await create(options) : await get(options);
    form.elements.credential.value = JSON.stringify(credential);
    // Without the event, so that this listener is not asked again.
    form.submit();
  }

  async function challenge(form) {
    const token = form.elements.csrf?.value;
    const headers = token ? { 'X-CSRF-Token': token } : {};
    const response = await fetch(form.dataset.challenge, { method: 'POST', headers });
    if (response.status === 401) location.assign('/login');
    if (!response.ok) throw new Error(`The server could not answer (${response.status}).`);
    return response.json();
  }

  async function create(options) {
    const publicKey = {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: known(options.excludeCredentials),
    };
    const made = await navigator.credentials.create({ publicKey });
    const { clientDataJSON, attestationObject } = made.response;
    const transports = made.response.getTransports?.() ?? [];
    return described(made, { clientDataJSON: text(clientDataJSON), attestationObject: text(attestationObject), transports });
  }

  async function get(options) {
    const publicKey = {
      ...options,
      challenge: bytes(options.challenge),
      allowCredentials: known(options.allowCredentials),
    };
    const found = await navigator.credentials.get({ publicKey });
    const { clientDataJSON, authenticatorData, signature, userHandle } = found.response;
    return described(found, {
      clientDataJSON: text(clientDataJSON),
      authenticatorData: text(authenticatorData),
      signature: text(signature),
      ...(userHandle?.byteLength ? { userHandle: text(userHandle) } : {}),
    });
  }

  function described(credential, response) {
    const id = text(credential.rawId);
    return { id, rawId: id, type: credential.type, response, clientExtensionResults: credential.getClientExtensionResults() };
  }

  const MEANING = {
    NotAllowedError: 'Nothing was signed. Please try again.',
    InvalidStateError: 'That device has a passkey here already.',
    SecurityError: 'Passkeys need the portal’s own address, and https.',
  };

  function tell(form, error) {
    const place = form.querySelector('[data-passkey-problem]');
    place.textContent = error ? MEANING[error.name] ?? error.message : '';
    place.hidden = !error;
  }
})();
