/**
 * Fills the browser's database with finished chats, as the page stores them, each a few minutes older than the one before.
 * Runs in the page, so it knows nothing but its argument.
 */
export async function fillHistory({
  chats,
  messages,
}: {
  readonly chats: number;
  readonly messages: number;
}): Promise<void> {
  const request = indexedDB.open('rivulet');
  await new Promise((resolve) => request.addEventListener('success', resolve));
  const transaction = request.result.transaction(['chats', 'messages'], 'readwrite');
  const usage = { inputTokens: 9, outputTokens: 9, cacheReadTokens: 0, cacheWriteTokens: 0 };
  const end = { status: 'complete', stopReason: 'end_turn', usage, timing: { firstTokenMs: 500, totalMs: 5000 } };
  const paragraph = 'A paragraph with **some** words, a `bit` of code and a [link](https://example.com). '.repeat(5);
  for (let chat = 0; chat < chats; chat += 1) {
    const chatId = `chat-${chat}`;
    const at = Date.now() - chat * 600_000;
    const idOf = (turn: number) => `${chatId}-${turn}`;
    for (let turn = 0; turn < messages; turn += 1) {
      const place = { id: idOf(turn), chatId, parentId: turn === 0 ? null : idOf(turn - 1), createdAt: at + turn };
      const isLast = turn >= messages - 2;
      const text = isLast
        ? `The last answer of chat ${chat}.`
        : `## Answer ${turn}\n\n${paragraph}\n\n- one\n- two\n\n${paragraph}`;
      const answer = { role: 'assistant', content: [{ type: 'text', text }], thinkingMs: null, end };
      const question = { role: 'user', text: `Question ${turn} of chat ${chat}` };
      transaction.objectStore('messages').put({ ...place, ...(turn % 2 === 0 ? question : answer) });
    }
    const title = `Chat ${chat} about something`;
    transaction
      .objectStore('chats')
      .put({ id: chatId, title, createdAt: at, updatedAt: at, leafId: idOf(messages - 1) });
  }
  await new Promise((resolve) => transaction.addEventListener('complete', resolve));
  request.result.close();
}
