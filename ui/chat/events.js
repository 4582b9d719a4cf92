// Runs inside the conversation: what is pressed there becomes an event that the server answers.
element.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (!button) return;
  const { ask, rate, answer, reopen } = button.dataset;
  if (ask) trigger('ask', { question: ask });
  if (rate === 'up') { window.pulse.rated(button, 'up'); trigger('rate', { answer, rating: 'up', comment: '' }); }
  if (rate === 'down') window.pulse.askWhy(button);
  if (reopen) trigger('reopen', { number: Number(reopen) });
  if ('fresh' in button.dataset) trigger('fresh');
  if ('forget' in button.dataset) trigger('forget');
  if ('release' in button.dataset) trigger('release');
});
element.addEventListener('submit', (event) => {
  const form = event.target.closest('form[data-reason]');
  if (!form) return;
  event.preventDefault();
  const said = [form.elements.reason.value, form.elements.words.value.trim()].filter(Boolean).join(': ');
  window.pulse.rated(form, 'down');
  trigger('rate', { answer: form.dataset.reason, rating: 'down', comment: said });
});
// The newest turn comes into view when it begins, and stays where the reader has put it after that.
watch('value', () => {
  if (element.closest('#under-way')) element.querySelector('.turn')?.scrollIntoView({ block: 'start' });
});
