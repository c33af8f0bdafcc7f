// What was said last stays in view.
watch('value', () => {
  const chat = element.querySelector('.chat');
  chat.scrollTop = chat.scrollHeight;
});
