import type { DiagramProblem } from './diagram-message';

/** Why there is no drawing, and what can be done about it, for its reader. */
export function sentenceOf(problem: DiagramProblem, line?: number): string {
  switch (problem) {
    case 'syntax':
      return `This diagram cannot be drawn: ${line === undefined ? 'its text' : `line ${line}`} is not understood.`;
    case 'image':
      return 'This diagram cannot be drawn: it asks another server for an image.';
    case 'too-large':
      return 'This diagram is too large to draw.';
    case 'too-slow':
      return 'This diagram took too long to draw.';
    case 'unloaded':
      return 'What draws diagrams could not be loaded. Check the connection and try again.';
  }
}
