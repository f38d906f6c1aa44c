/**
 * What strangers may send, by name. The title of a test begins with the name of the row that it covers, and a run of every
 * spec fails where one is not covered. The two whose inputs are of others are covered where `CORPORA_DIR` is set.
 */
const ROWS: Readonly<Record<string, string>> = {
  // Method and routing.
  A001: 'a method that the chat has not',
  A002: 'HEAD and OPTIONS',
  A003: 'TRACE',
  A004: 'a header that names another method',
  A005: 'another spelling of a path',
  A006: 'a path that leads out',
  A007: 'an escape that is none',
  A008: 'files that are not served',

  // The body.
  A009: 'no body',
  A010: 'a body that is no JSON, or no object',
  A011: 'the JSON test suite',
  A012: 'a body that is not UTF-8',
  A013: 'a body of another type',
  A014: 'a packed body',
  A015: 'a body that says it is over the limit',
  A016: 'a body without an end',
  A017: 'a body that the platform would cut',
  A018: 'a body of another length than it says',
  A019: 'a body that is nested without an end',
  A020: 'a million of anything',
  A021: 'keys that every object has',
  A022: 'a key that comes twice',
  A023: 'numbers that are no counts',

  // What a chat is.
  A024: 'messages that are none',
  A025: 'too many messages, or too long ones',
  A026: 'roles that are nobody’s',
  A027: 'turns in another order',
  A028: 'messages that say nothing',
  A029: 'blocks of another kind',
  A030: 'fields that are not in the contract',
  A031: 'names that nothing can have',
  A032: 'the list of naughty strings',
  A033: 'odd characters',

  // Headers.
  A034: 'headers that lead around a check',
  A035: 'other forms of a page',
  A036: 'actions of a page',
  A037: 'upgrades, and addresses of other servers',
  A038: 'hosts that are made up',
  A039: 'nonces that are made up',
  A040: 'heads that are too long',
  A041: 'heads that can be read in two ways',
  A042: 'headers for Claude',
  A043: 'characters that make lines in a log',

  // Other sites.
  A044: 'another site',
  A045: 'what looks like our own site',
  A046: 'another site that the browser names',
  A047: 'a program',
  A048: 'a question whether another site may ask',
  A049: 'a frame around the page',

  // The password and the session.
  A050: 'no session',
  A051: 'a session that was tampered with',
  A052: 'a password that is none',
  A053: 'guessing',
  A054: 'a password whose comparison takes its time',
  A055: 'an address to go to after the sign-in',
  A056: 'a session from before a change',

  // Limits and costs.
  A057: 'one more than the limit',
  A058: 'addresses that are made up',
  A059: 'addresses of one network',
  A060: 'replies that are stopped again and again',
  A061: 'the last token of a day',
  A062: 'a clock that is set back',

  // Replies.
  A063: 'replies of others',
  A064: 'numbers that no event has',
  A065: 'replies that are over, and crowds of readers',
  A066: 'stops that are late, early or many',

  // Denial of service.
  A067: 'heads that come byte by byte',
  A068: 'bodies that come byte by byte',
  A069: 'readers who take nothing',
  A070: 'visitors who vanish',
  A071: 'answers that break renderers',

  // On every answer.
  A072: 'what no answer may tell',
  A073: 'what nobody may keep',
  A074: 'what a page may load and run',
};

const OF_OTHERS = ['A011', 'A032'];

export const ABUSES: Readonly<Record<string, string>> = process.env.CORPORA_DIR
  ? ROWS
  : Object.fromEntries(Object.entries(ROWS).filter(([id]) => !OF_OTHERS.includes(id)));
