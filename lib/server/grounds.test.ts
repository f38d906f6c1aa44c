import { describe, expect, it } from 'vitest';
import { accountGrounds, listGrounds, passwordGrounds } from './grounds';
import { SETTINGS } from './identity-provider.fixture';

const ISSUER = SETTINGS.issuer;

const withProvider = (invited: readonly string[] | null, issuer = ISSUER) =>
  listGrounds({ passwords: ['one'], provider: { ...SETTINGS, issuer, invited } });

describe('the grounds on which somebody was let in', () => {
  it('count as long as the password, or the entry that invites, is in the settings', () => {
    const grounds = withProvider(['ada@members.example', '@elsewhere.example']);
    expect(grounds).toContain(passwordGrounds('one'));
    expect(grounds).toContain(accountGrounds(ISSUER, '@elsewhere.example'));
    expect(withProvider(['ada@members.example'])).not.toContain(accountGrounds(ISSUER, '@elsewhere.example'));
    expect(grounds).not.toContain(passwordGrounds('two'));
  });

  it('count no more when there is a list and there was none, or another issuer, or no provider', () => {
    const grounds = accountGrounds(ISSUER, null);
    expect(withProvider(null)).toContain(grounds);
    expect(withProvider(['@members.example'])).not.toContain(grounds);
    expect(withProvider(null, 'https://other.example')).not.toContain(grounds);
    expect(listGrounds({ passwords: ['one'], provider: null })).toEqual([passwordGrounds('one')]);
  });

  it('are never those of a password that reads like an account', () => {
    const password = accountGrounds(ISSUER, null);
    expect(listGrounds({ passwords: [password], provider: null })).not.toContain(password);
  });
});
