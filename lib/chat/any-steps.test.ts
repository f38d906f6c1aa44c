import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messagesTo, shownMessages, shownPath } from './branches';
import { type ChatState, EMPTY_CHAT } from './chat-state';
import { decide } from './decide';
import { forkOf } from './fork';
import { toRequestMessages } from './request-messages';
import { actionsOf, anySteps, type Step, takeStep } from './steps.fixture';

/** Checks every step of a run, the first state being an empty chat. */
function everyStep(check: (before: ChatState, taken: Step, after: ChatState) => void): void {
  const property = fc.property(anySteps, (steps) => {
    let state = EMPTY_CHAT;
    for (const taken of steps) {
      const after = takeStep(state, taken);
      check(state, taken, after);
      state = after;
    }
  });
  fc.assert(property, { numRuns: 300 });
}

const pathOf = ({ messages, choices, reply }: ChatState) => shownPath(messages, choices, reply?.id, reply?.parentId);
const marksIn = (value: object): string[] => JSON.stringify(value).match(/<\d+>/g) ?? [];
const ids = (turns: readonly { readonly id: string }[]) => turns.map(({ id }) => id);

describe('after any sequence of send, edit, regenerate, stop, fail, delete, undo and switch', () => {
  it('the turns are a tree: each has one id, behind a turn of the other kind that came before it', () => {
    everyStep((_before, _taken, { messages, reply }) => {
      const seen = new Map<string, string>();
      for (const { id, parentId, role } of messages) {
        expect(seen.has(id)).toBe(false);
        const expected = role === 'user' ? [undefined, 'assistant', 'user'] : ['user'];
        expect(expected).toContain(parentId === null ? undefined : seen.get(parentId));
        expect(parentId === null || seen.has(parentId)).toBe(true);
        seen.set(id, role);
      }
      if (reply) expect([seen.has(reply.id), seen.get(reply.parentId)]).toEqual([false, 'user']);
    });
  });

  it('no turn is lost or changed, and no word that was shown', () => {
    everyStep((before, _taken, after) => {
      expect(after.messages.slice(0, before.messages.length)).toEqual(before.messages);
      for (const [at, message] of before.messages.entries()) expect(after.messages[at]).toBe(message);
      const kept = new Set(marksIn(after));
      expect(marksIn(before).filter((mark) => !kept.has(mark))).toEqual([]);
    });
  });

  it('what waits in the queue waits until it is sent, and is not sent twice', () => {
    everyStep((before, _taken, after) => {
      for (const { id } of before.choices.queue) {
        const [waiting, sent] = [after.choices.queue, after.messages].map((all) =>
          ids(all).filter((each) => each === id),
        );
        expect([...(waiting ?? []), ...(sent ?? [])]).toEqual([id]);
      }
    });
  });

  it('every word that arrives while a reply runs is kept', () => {
    everyStep((before, taken, after) => {
      const events = taken.does === 'hear' && before.reply ? taken.events : [];
      const end = events.findIndex(({ type }) => type === 'reply-end' || type === 'reply-stopped');
      const kept = new Set(marksIn(after));
      expect(marksIn(end < 0 ? events : events.slice(0, end)).filter((mark) => !kept.has(mark))).toEqual([]);
    });
  });

  it('the shown path is one line from a first turn to a last one, and a running reply is its end', () => {
    everyStep((_before, _taken, state) => {
      const path = pathOf(state);
      const parentOf = new Map(
        [...state.messages, ...(state.reply ? [state.reply] : [])].map(({ id, parentId }) => [id, parentId]),
      );
      expect(path.map(({ id }) => parentOf.get(id))).toEqual([null, ...ids(path)].slice(0, path.length));
      if (state.reply) expect(path.at(-1)?.id).toBe(state.reply.id);
      for (const { id, siblingIds } of path) {
        expect(siblingIds).toContain(id);
        expect(new Set(siblingIds.map((each) => parentOf.get(each))).size).toBe(1);
      }
    });
  });

  it('every turn that has something to show, and is not deleted, can be reached by switching', () => {
    everyStep((_before, _taken, state) => {
      if (state.reply) return;
      for (const message of state.messages) {
        const isEmpty = message.role === 'assistant' && message.content.length === 0;
        if (isEmpty || Object.hasOwn(state.choices.deleted, message.id)) continue;
        const line = messagesTo({ ...state, choices: { ...state.choices, deleted: {} } }, message.id);
        const reached = line.reduce<ChatState>((next, { id }) => {
          const at = pathOf(next).find(({ siblingIds }) => siblingIds.includes(id));
          if (!at) return next;
          return at.id === id
            ? next
            : takeStep(next, { does: 'switch', which: next.messages.findIndex((each) => each.id === id) });
        }, state);
        expect(ids(pathOf(reached))).toContain(message.id);
      }
    });
  });

  it('what is deleted is not shown as a turn, and undo brings it back where it was', () => {
    everyStep((before, taken, after) => {
      const [action] = actionsOf(before, taken);
      if (action?.type !== 'decided' || action.decision.type !== 'messages-deleted' || after === before) return;
      const gone = action.decision.ids.filter((id) => Object.hasOwn(after.choices.deleted, id));
      expect(ids(shownMessages(after)).filter((id) => gone.includes(id))).toEqual([]);
      const restored = decide(after, { type: 'messages-restored', ids: gone }, 0);
      expect(Object.keys(restored.choices.deleted)).toEqual(
        Object.keys(before.choices.deleted).filter((id) => !gone.includes(id)),
      );
      const wasShown = ids(shownMessages(before)).filter((id) => gone.includes(id));
      expect(ids(shownMessages(restored))).toEqual(expect.arrayContaining(wasShown));
    });
  });

  it('what would be sent to Claude alternates, ends with the user, and holds neither thinking nor what was deleted', () => {
    const next = { id: 'next', parentId: null, role: 'user', text: 'And?', createdAt: 0 } as const;
    everyStep((_before, _taken, state) => {
      const { messages, reply, choices } = state;
      const asked = reply ? messagesTo(state, reply.parentId) : [...shownMessages(state), next];
      const turns = toRequestMessages(asked);
      expect(turns.map(({ role }) => role)).toEqual(turns.map((_, at) => (at % 2 === 0 ? 'user' : 'assistant')));
      expect(turns.at(-1)?.role).toBe('user');
      for (const { content } of turns) expect(String(content).trim()).not.toBe('');
      const living = messages.filter(({ id }) => !Object.hasOwn(choices.deleted, id));
      const sayable = new Set(
        living.flatMap((message) =>
          message.role === 'user'
            ? marksIn([message.text])
            : marksIn(message.content.filter(({ type }) => type === 'text')),
        ),
      );
      expect(marksIn(turns).filter((mark) => !sayable.has(mark))).toEqual([]);
    });
  });

  it('a fork from any turn is a conversation of its own that tells Claude the same', () => {
    let count = 0;
    const newId = () => {
      count += 1;
      return `fork-${count}`;
    };
    everyStep((_before, _taken, state) => {
      const last = state.messages.at(-1);
      if (!last) return;
      const fork = forkOf(state, last.id, newId);
      const line = messagesTo(state, last.id);
      expect(toRequestMessages(fork.messages)).toEqual(toRequestMessages(line));
      expect(ids(shownMessages(fork))).toEqual(ids(fork.messages));
      expect(ids(fork.messages).filter((id) => state.messages.some((each) => each.id === id))).toEqual([]);
    });
  });
});
