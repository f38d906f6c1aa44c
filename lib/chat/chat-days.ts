import type { Chat } from './history';

/** The chats of one day. `daysAgo` is 0 for today. */
export type ChatDay = { readonly date: Date; readonly daysAgo: number; readonly chats: readonly Chat[] };

const DAY_MS = 86_400_000;

/** Chats by the day of their newest turn, in the order they come in, by the calendar of this machine. */
export function groupByDay(chats: readonly Chat[], now: number): readonly ChatDay[] {
  const days: { date: Date; daysAgo: number; chats: Chat[] }[] = [];
  for (const chat of chats) {
    const date = startOfDay(chat.updatedAt);
    const last = days.at(-1);
    if (last?.date.getTime() === date.getTime()) last.chats.push(chat);
    // Rounded: a day in which the clock is changed has another length.
    else days.push({ date, daysAgo: Math.round((startOfDay(now).getTime() - date.getTime()) / DAY_MS), chats: [chat] });
  }
  return days;
}

function startOfDay(time: number): Date {
  const date = new Date(time);
  date.setHours(0, 0, 0, 0);
  return date;
}
