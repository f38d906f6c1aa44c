import 'server-only';
import { identifyCaller } from './caller';

/** For the tests of this room: a caller that nobody has seen before, and the headers by which it is known. */
export function newCaller() {
  const { id, cookie } = identifyCaller(new Request('http://localhost/'));
  return { id, headers: { Cookie: cookie?.split(';')[0] ?? '' } };
}
