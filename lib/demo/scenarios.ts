/** What the simulated Claude does with one request. */
export type Attempt =
  | {
      readonly kind: 'answer';
      /** Names of Markdown files among the answers. */
      readonly text: string;
      readonly thinking?: string;
      readonly stopReason: 'end_turn' | 'max_tokens' | 'refusal';
    }
  | {
      readonly kind: 'broken-answer';
      readonly text: string;
      readonly thinking?: string;
      /** Characters of the text that still arrive. */
      readonly afterChars: number;
      readonly end: 'drop' | 'stall';
    }
  | {
      readonly kind: 'refused-request';
      readonly status: number;
      readonly errorType: string;
      readonly retryAfterSeconds?: number;
    };

/** A prompt on the empty screen and what happens when it is sent: the first time, the next time, and so on in a circle. */
export type Scenario = {
  readonly id: string;
  readonly group: 'answer' | 'failure';
  readonly label: string;
  readonly prompt: string;
  readonly attempts: readonly [Attempt, ...Attempt[]];
};

const whole = (text: string, thinking?: string): Attempt => ({
  kind: 'answer',
  text,
  ...(thinking && { thinking }),
  stopReason: 'end_turn',
});

const overloaded: Attempt = { kind: 'refused-request', status: 529, errorType: 'overloaded_error' };

export const SCENARIOS: readonly Scenario[] = [
  {
    id: 'rivulet',
    group: 'answer',
    label: 'What makes Rivulet different?',
    prompt: 'What is Rivulet, and what makes it different?',
    attempts: [whole('rivulet')],
  },
  {
    id: 'journey',
    group: 'answer',
    label: 'How does a word reach my screen?',
    prompt: 'How does a streamed answer travel from Claude to my screen?',
    attempts: [whole('journey', 'journey.thinking')],
  },
  {
    id: 'reader',
    group: 'answer',
    label: 'Write a stream reader',
    prompt: 'Write a small TypeScript reader for server-sent events.',
    attempts: [whole('reader')],
  },
  {
    id: 'compare',
    group: 'answer',
    label: 'Compare the transports',
    prompt: 'Compare server-sent events, WebSockets and polling for chat.',
    attempts: [whole('compare')],
  },
  {
    id: 'math',
    group: 'answer',
    label: 'How much waiting does it save?',
    prompt: 'How much waiting does streaming really save? Show the math.',
    attempts: [whole('math', 'math.thinking')],
  },
  {
    id: 'guide',
    group: 'answer',
    label: 'Write the long guide',
    prompt: 'Write the long guide to streaming answers people can trust.',
    attempts: [whole('guide', 'guide.thinking')],
  },
  {
    id: 'drop',
    group: 'failure',
    label: 'Lose the connection',
    prompt: 'Lose the connection in the middle of your answer.',
    attempts: [
      { kind: 'broken-answer', text: 'drop', thinking: 'drop.thinking', afterChars: 640, end: 'drop' },
      whole('drop', 'drop.thinking'),
    ],
  },
  {
    id: 'overload',
    group: 'failure',
    label: 'Be overloaded, then recover',
    prompt: 'Be overloaded first, then recover.',
    attempts: [{ ...overloaded, retryAfterSeconds: 2 }, overloaded, whole('overload')],
  },
  {
    id: 'limit',
    group: 'failure',
    label: 'Reach the rate limit',
    prompt: 'Turn me away until the rate limit allows it.',
    attempts: [
      { kind: 'refused-request', status: 429, errorType: 'rate_limit_error', retryAfterSeconds: 90 },
      whole('limit'),
    ],
  },
  {
    id: 'stall',
    group: 'failure',
    label: 'Go silent',
    prompt: 'Go silent in the middle of your answer.',
    attempts: [{ kind: 'broken-answer', text: 'stall', afterChars: Number.POSITIVE_INFINITY, end: 'stall' }],
  },
  {
    id: 'truncate',
    group: 'failure',
    label: 'Hit the length limit',
    prompt: 'Run into the length limit.',
    attempts: [{ kind: 'answer', text: 'truncate', stopReason: 'max_tokens' }],
  },
  {
    id: 'refuse',
    group: 'failure',
    label: 'Decline to answer',
    prompt: 'Begin an answer, then decline it.',
    attempts: [{ kind: 'answer', text: 'refuse', stopReason: 'refusal' }],
  },
];

/** What a prompt gets that is none of the suggestions. */
const ANYTHING_ELSE: Scenario = {
  id: 'simulated',
  group: 'answer',
  label: '',
  prompt: '',
  attempts: [whole('simulated')],
};

/** The scenario of a prompt, also where questions that got no answer stand before it. White space at its ends is ignored. */
export function scenarioOf(prompt: string): Scenario {
  const last = prompt.trim().split('\n\n').at(-1);
  return SCENARIOS.find((scenario) => scenario.prompt === last) ?? ANYTHING_ELSE;
}
