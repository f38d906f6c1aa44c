import { errorBody } from './frames';
import { expect, test } from './own-server';
import { postPromptForJson } from './reply-client';
import type { RivuletServer } from './rivulet-server';
import { promptByHand } from './upstream';

type Model = { readonly id: string; readonly purpose?: string; readonly unavailable?: string };
type ModelList = { readonly models: readonly Model[]; readonly default: string; readonly titleModel: string };

const modelsOf = async ({ url }: RivuletServer) => (await (await fetch(`${url}/api/models`)).json()) as ModelList;
const unavailableIn = ({ models }: ModelList) =>
  models.filter(({ unavailable }) => unavailable !== undefined).map(({ id }) => id);

test('the models on offer say what they are for, and which one finds titles', async ({ demo }) => {
  const list = await modelsOf(demo);
  expect(list).toMatchObject({ default: 'claude-sonnet-5-5', titleModel: 'claude-haiku-5-5' });
  for (const model of list.models) {
    expect(model).toMatchObject({
      label: expect.any(String),
      purpose: expect.any(String),
      contextTokens: expect.any(Number),
      maxOutputTokens: expect.any(Number),
      thinking: 'adaptive',
      efforts: expect.arrayContaining(['low', 'max']),
      defaultEffort: expect.stringMatching(/medium|high/),
    });
  }
  expect(unavailableIn(list)).toEqual([]);
});

test('a model that Claude does not list for this key is unavailable, and the first to ask learns it', async ({
  startServer,
  upstream,
}) => {
  upstream.models = ['claude-sonnet-5-5', 'claude-opus-5-5'];
  const list = await modelsOf(await startServer());
  expect(unavailableIn(list)).toEqual(['claude-haiku-5-5', 'claude-fable-5-2']);
  expect(list.titleModel).toBe('claude-sonnet-5-5');
});

test('a server without such a list offers all of its models', async ({ startServer, upstream }) => {
  upstream.models = [];
  const list = await modelsOf(await startServer({ MODELS: 'one,two', TITLE_MODEL: 'two' }));
  expect(list).toMatchObject({ models: [{ id: 'one' }, { id: 'two' }], default: 'one', titleModel: 'two' });
  expect(unavailableIn(list)).toEqual([]);
});

test('a model that Claude does not accept is unavailable for a while, until it answers', async ({
  startServer,
  upstream,
}) => {
  const server = await startServer();
  const ask = (prompt: string) => postPromptForJson(server.url, prompt, { fields: { model: 'claude-opus-5-5' } });
  const prompt = promptByHand('a model without access');
  const refused = ask(prompt);
  (await upstream.nextCall(prompt)).refuse(404, errorBody('not_found_error', 'model: claude-opus-5-5'));
  expect((await refused).status).toBe(400);
  expect(unavailableIn(await modelsOf(server))).toEqual(['claude-opus-5-5']);

  expect((await ask('Hello')).status).toBe(200);
  expect(unavailableIn(await modelsOf(server))).toEqual([]);
});
