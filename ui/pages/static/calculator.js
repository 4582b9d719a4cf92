// Works a calculation out while its inputs are typed, by asking for the same page that the button would open.
const form = document.querySelector('form.inputs');
const result = document.getElementById('result');
let waiting;
let asked = 0;
async function workOut() {
  const given = new URLSearchParams([...new FormData(form)].filter(([, value]) => value.trim()));
  const address = `${form.action.split('?')[0]}?${given}`;
  const mine = ++asked;
  const reply = await fetch(address);
  const page = new DOMParser().parseFromString(await reply.text(), 'text/html');
  const fresh = page.getElementById('result');
  if (mine !== asked || !reply.ok || !fresh) return;
  result.replaceChildren(...fresh.childNodes);
  history.replaceState(null, '', address);
}
form.addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(workOut, 250); });
form.addEventListener('submit', (event) => { event.preventDefault(); clearTimeout(waiting); workOut(); });
