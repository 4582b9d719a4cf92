// What a reader does with an answer without asking the server: open a receipt, copy, share, save, say why.
document.documentElement.classList.toggle('embedded', new URLSearchParams(location.search).has('embed'));
window.pulse = {
  turn: (part) => part.closest('.turn'),
  say(part, words) { this.turn(part).querySelector('.said').textContent = words; },
  rated(part, rating) {
    const turn = this.turn(part);
    turn.querySelectorAll('[data-rate]').forEach((one) => one.setAttribute('aria-pressed', one.dataset.rate === rating));
    turn.querySelector('form.reason').hidden = true;
    turn.querySelector('[data-rate=down]').setAttribute('aria-expanded', 'false');
    if (rating === 'down') turn.querySelector('[data-rate=down]').focus();
  },
  askWhy(button) {
    const form = this.turn(button).querySelector('form.reason');
    form.hidden = !form.hidden;
    button.setAttribute('aria-expanded', String(!form.hidden));
    if (!form.hidden) form.querySelector('input').focus();
  },
  exported: (part, kind) => window.pulse.turn(part).querySelector(`template[data-kind=${kind}]`),
  async copy(part, text, words) {
    try { await navigator.clipboard.writeText(text); this.say(part, words); } catch { this.say(part, text); }
  },
  save(button) {
    const kept = this.exported(button, button.dataset.save);
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([kept.content.textContent], { type: 'text/plain' }));
    link.download = kept.dataset.name;
    link.click();
    URL.revokeObjectURL(link.href);
  },
  openReceipt(receipt) {
    document.querySelectorAll('.receipt.pointed').forEach((other) => other.classList.remove('pointed'));
    receipt.open = true;
    receipt.classList.add('pointed');
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    receipt.scrollIntoView({ behavior: calm ? 'auto' : 'smooth', block: 'nearest' });
    receipt.querySelector('summary').focus({ preventScroll: true });
  },
};
document.addEventListener('click', (event) => {
  const onward = event.target.closest('.embedded a[href^="/"]');
  if (onward) onward.target = '_blank';
  const marker = event.target.closest('a.marker');
  const receipt = marker && document.getElementById(marker.getAttribute('href').slice(1));
  if (receipt) { event.preventDefault(); event.stopPropagation(); window.pulse.openReceipt(receipt); return; }
  const button = event.target.closest('.turn button');
  if (!button) return;
  if ('copy' in button.dataset) {
    window.pulse.copy(button, window.pulse.exported(button, 'md').content.textContent, 'Copied with its receipts.');
  }
  if (button.dataset.share) window.pulse.copy(button, location.origin + button.dataset.share, 'Link copied.');
  if (button.dataset.save) window.pulse.save(button);
}, true);
