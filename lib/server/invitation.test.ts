import { describe, expect, it } from 'vitest';
import { findInvitation } from './invitation';

const ENTRIES = ['bob@elsewhere.example', '@members.example', '@Upper.example'];

const find = (email: string | undefined, isEmailVerified = true) => findInvitation({ email, isEmailVerified }, ENTRIES);

describe('an address is invited', () => {
  it.each([
    ['by itself', 'bob@elsewhere.example', 'bob@elsewhere.example'],
    ['by its domain', 'ada@members.example', '@members.example'],
    ['in other letters', 'Bob@ELSEWHERE.example', 'bob@elsewhere.example'],
    ['where the entry has other letters', 'ada@upper.example', '@Upper.example'],
    ['by what stands behind its last @', '"a@b"@members.example', '@members.example'],
  ])('%s', (_how, email, entry) => expect(find(email)).toBe(entry));
});

describe('an address is not invited', () => {
  it.each([
    ['of another person', 'eve@elsewhere.example'],
    ['of a domain below', 'ada@sub.members.example'],
    ['of a domain that ends alike', 'ada@notmembers.example'],
    ['of a domain that begins alike', 'ada@members.example.evil.example'],
    ['with the domain in the name', '"@members.example"@evil.example'],
    ['with a space at its end', 'ada@members.example '],
    ['without an @', 'members.example'],
    ['that is empty', ''],
    ['that is none', undefined],
  ])('%s', (_what, email) => expect(find(email)).toBeUndefined());

  it('that is not verified', () => expect(find('ada@members.example', false)).toBeUndefined());

  it('with a letter that becomes another one in lower case', () => {
    expect(findInvitation({ email: 'ada@\u212a.example', isEmailVerified: true }, ['@k.example'])).toBeUndefined();
  });
});
