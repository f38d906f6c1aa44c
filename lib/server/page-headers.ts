import 'server-only';

/** What the headers of a page depend on. */
export type PageCircumstances = {
  /** Base64, never used before: whoever knows it can have the page run a script. */
  readonly nonce: string;
  /** Whether the browser asked over TLS. */
  readonly isEncrypted: boolean;
  /** The development server evaluates code, writes styles into the page, and tells of changes over a socket. */
  readonly isDevelopment: boolean;
};

/** What no page of ours asks a browser for. What is not named here has a sensible default, or a prompt. */
const UNUSED_FEATURES = [
  'accelerometer',
  'autoplay',
  'browsing-topics',
  'camera',
  'display-capture',
  'encrypted-media',
  'fullscreen',
  'geolocation',
  'gyroscope',
  'hid',
  'identity-credentials-get',
  'idle-detection',
  'local-fonts',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'picture-in-picture',
  'publickey-credentials-create',
  'publickey-credentials-get',
  'screen-wake-lock',
  'serial',
  'storage-access',
  'usb',
  'window-management',
  'xr-spatial-tracking',
];

/** Of the style that Next’s own page for a failure brings along in its markup. */
const FAILURE_STYLE = "'sha256-Wwucq8eX2r0YFymkQhDXm5hN0+FfSvI3s4JSSaqa4iw='";

/** A year, without the other names below this one: they may belong to somebody else. */
const TRANSPORT_SECONDS = 365 * 86_400;

/** The headers of every page: what it may load and run, who may show it, and what it tells others. */
export function describePage(circumstances: PageCircumstances): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': policyFor(circumstances),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': UNUSED_FEATURES.map((feature) => `${feature}=()`).join(', '),
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    ...(circumstances.isEncrypted && { 'Strict-Transport-Security': `max-age=${TRANSPORT_SECONDS}` }),
  };
}

/** An answer can ask no other server for anything, and nothing in it runs. */
function policyFor({ nonce, isDevelopment }: PageCircumstances): string {
  const [evaluated, socket] = isDevelopment ? [" 'unsafe-eval'", ' ws:'] : ['', ''];
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'${evaluated}`,
    `style-src 'self' ${isDevelopment ? "'unsafe-inline'" : FAILURE_STYLE}`,
    // KaTeX places what it draws by style attributes.
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${socket}`,
    "worker-src 'self'",
    "frame-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
