// Cuts Bootstrap's stylesheet down to the components that Quarterdeck uses, and repeats its dark rules
// for `data-bs-theme="auto"` under `prefers-color-scheme: dark`. Run again when Bootstrap is updated:
//
//   node assets/vendor/reduce-bootstrap.mjs node_modules/bootstrap/dist/css/bootstrap.css > assets/vendor/bootstrap.css
import { readFileSync } from 'node:fs';

const KEPT = new Set(`
  h1 h2 h3 h4 h5 h6 small mark
  btn btn-primary btn-danger btn-outline-secondary btn-outline-danger btn-link btn-sm btn-close active disabled show
  form-label form-text form-control form-control-sm form-select form-select-sm
  form-check form-check-input form-check-label is-invalid invalid-feedback
  table table-sm table-responsive
  nav nav-tabs nav-item nav-link
  card card-header card-body card-footer card-title
  breadcrumb breadcrumb-item pagination page-item page-link
  badge alert alert-heading alert-success alert-info alert-warning alert-danger
  visually-hidden visually-hidden-focusable
`.split(/\s+/).filter(Boolean));

/** Splits a stylesheet into [prelude, body] pairs at the top level of braces. */
function rules(css) {
  const found = [];
  let depth = 0, start = 0, open = 0;
  for (let i = 0; i < css.length; i++) {
    if (css[i] === '{' && depth++ === 0) open = i;
    if (css[i] === '}' && --depth === 0) {
      found.push([css.slice(start, open).trim(), css.slice(open + 1, i).trim()]);
      start = i + 1;
    }
  }
  return found;
}

/** A selector stays when each class in it is one that we use. */
const used = selector => [...selector.matchAll(/\.([a-z][\w-]*)/g)].every(([, name]) => KEPT.has(name));

function reduce([prelude, body]) {
  if (prelude.startsWith('@media')) {
    const inner = rules(body).map(reduce).join('');
    return inner && `${prelude}{${inner}}`;
  }
  if (prelude.startsWith('@')) return '';
  const selectors = prelude.split(/,(?![^(]*\))/).map(s => s.trim()).filter(used);
  return selectors.length ? `${selectors.join(',')}{${body.replace(/;$/, '')}}` : '';
}

const squeeze = css => css.replace(/\s*\n\s*/g, '').replace(/([;{,:])\s+(?=[^{}]*[;}])/g, '$1');

const source = readFileSync(process.argv[2], 'utf8');
const licence = source.match(/\/\*![\s\S]*?\*\//)[0].replace(' */', ' * Reduced for Quarterdeck; see README.md beside this file.\n */');
const all = rules(source.replace(/@charset[^;]*;/, '').replace(/\/\*[\s\S]*?\*\//g, '')).map(reduce).filter(Boolean);
const dark = all.filter(rule => rule.startsWith('[data-bs-theme=dark]'));
const automatic = dark.map(rule => rule.replaceAll('[data-bs-theme=dark]', '[data-bs-theme=auto]')).join('');
process.stdout.write(`${licence}\n${squeeze(all.join(''))}@media (prefers-color-scheme:dark){${squeeze(automatic)}}\n`);
