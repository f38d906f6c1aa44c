/**
 * KaTeX's MathML. Its TeX becomes an attribute: programs that do not know MathML would show it as text behind the formula.
 */
export function cleanFormula(katex: Element): readonly Node[] {
  const math = katex.querySelector('math')?.cloneNode(true);
  if (!(math instanceof Element)) return [];
  const annotation = math.querySelector('annotation');
  math.setAttribute('alttext', annotation?.textContent ?? '');
  annotation?.remove();
  for (const element of [math, ...math.querySelectorAll('*')]) {
    for (const { name } of [...element.attributes]) if (!MATH_ATTRIBUTE.test(name)) element.removeAttribute(name);
  }
  for (const semantics of math.querySelectorAll('semantics')) semantics.replaceWith(...semantics.childNodes);
  return [math];
}

const MATH_ATTRIBUTE =
  /^(?:xmlns|alttext|display(?:style)?|scriptlevel|math(?:variant|color|background|size)|accent(?:under)?|fence|separator|stretchy|symmetric|largeop|movablelimits|form|[lr]space|(?:min|max)size|linethickness|(?:row|column)(?:align|spacing|lines|span)|width|height|depth|voffset|notation|frame|side)$/;
