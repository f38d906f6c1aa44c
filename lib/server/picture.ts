import 'server-only';
import { createHash } from 'node:crypto';
import { ChatError } from '@/lib/protocol/chat-error';
import { findPictureUrl } from '@/lib/protocol/picture';
import { respond } from './respond';

/** A picture is never drawn larger than it is, and in the colours of the page around it. */
const STYLE =
  ':root{color-scheme:light dark}html,body{height:100%;margin:0}' +
  'img{width:100%;height:100%;object-fit:scale-down;object-position:left center;display:block}';

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/**
 * Answers `GET /picture?url=…` with a page that holds one picture of another server and can do nothing else: a frame around
 * it lets our own pages refuse all foreign images. Nothing is fetched here; the browser does that. Never rejects.
 */
export function answerPicture(request: Request): Promise<Response> {
  return respond(request, async () => {
    const url = findPictureUrl(new URL(request.url).searchParams.get('url') ?? '');
    if (!url) throw new ChatError('invalid_request', { detail: 'url must be the https address of an image.' });
    return new Response(pageOf(url), {
      headers: {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy': policyFor(url),
        'Referrer-Policy': 'no-referrer',
      },
    });
  });
}

/** `sandbox` holds where the page is opened without our frame, too. */
function policyFor({ origin, pathname }: URL): string {
  return [
    "default-src 'none'",
    `img-src ${origin}${escapePath(pathname)}`,
    `style-src 'sha256-${STYLE_HASH}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
    'sandbox',
  ].join('; ');
}

/** A semicolon or a comma in a path would begin another directive or another policy. */
const escapePath = (path: string) =>
  path.replaceAll(
    /[^\w.~/%-]/g,
    (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`,
  );

function pageOf({ href, host }: URL): string {
  const image = `<img src="${escapeHtml(href)}" alt="Image from ${escapeHtml(host)}" referrerpolicy="no-referrer">`;
  return `<!doctype html><html lang="en"><title>Image</title><style>${STYLE}</style>${image}</html>`;
}

const escapeHtml = (text: string) => text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
