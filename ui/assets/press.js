// One listener for every button inside the component; Python learns which product and what was pressed.
element.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-action]');
  if (!button) return;
  const card = button.closest('[data-item]');
  trigger('click', {
    action: button.dataset.action,
    item: card ? card.dataset.item : '',
    id: button.dataset.id || '',
    say: button.dataset.say || '',
  });
});
// A picture that does not load gives way to the placeholder behind it. `error` does not bubble, so capture.
element.addEventListener('error', (event) => {
  if (event.target.tagName === 'IMG') event.target.remove();
}, true);
