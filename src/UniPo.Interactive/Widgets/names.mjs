// Which property names are ours alone, so that the bundler may shorten them: members of our classes and of interfaces that never
// come from JSON. A name that the browser's or JavaScript's own types know, that a payload has, or that is written in quotes stays.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** Interfaces whose members are fields of a payload. */
const isData = name => /(Payload|Spec|Packed|MetricText)$/.test(name);

/** @returns {RegExp} matching exactly the names that may be shortened. */
export function ownNames(folder, library) {
  const own = new Set(),
    kept = new Set(['connectedCallback', 'disconnectedCallback']);
  for (const file of readdirSync(library).filter(f => /^lib\.(dom|es)/.test(f)))
    for (const [, member] of readFileSync(join(library, file), 'utf8').matchAll(
      /^\s+(?:readonly\s+)?(?:[gs]et\s+)?([A-Za-z_$][\w$]*)\??\s*[:(<]/gm,
    ))
      kept.add(member);
  for (const file of readdirSync(folder, { recursive: true }).filter(f => f.endsWith('.ts')))
    visit(ts.createSourceFile(file, readFileSync(join(folder, file), 'utf8'), ts.ScriptTarget.Latest, true), own, kept);
  const names = [...own].filter(name => !kept.has(name) && name.length > 2).sort();
  return new RegExp(`^(?:${names.join('|')})$`);
}

function visit(node, own, kept) {
  const name = node.name && ts.isIdentifier(node.name) ? node.name.text : null;
  if (
    name &&
    (ts.isPropertyDeclaration(node) ||
      ts.isMethodDeclaration(node) ||
      ts.isGetAccessor(node) ||
      (ts.isParameter(node) && node.modifiers?.length))
  )
    own.add(name);
  if (name && (ts.isPropertySignature(node) || ts.isMethodSignature(node))) (inData(node) ? kept : own).add(name);
  if (ts.isStringLiteralLike(node)) kept.add(node.text);
  if (
    ts.isPropertyAccessExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    node.expression.name.text === 'dataset'
  )
    kept.add(node.name.text);
  // The attributes and listeners of an element are named by the keys of an object: h('select', { change: … }).
  if (ts.isCallExpression(node))
    for (const object of node.arguments.filter(ts.isObjectLiteralExpression))
      for (const property of object.properties) if (property.name && ts.isIdentifier(property.name)) kept.add(property.name.text);
  ts.forEachChild(node, child => visit(child, own, kept));
}

/** True for a member of an interface (or a type literal inside one) that describes a payload. */
function inData(node) {
  for (let at = node.parent; at; at = at.parent)
    if (ts.isInterfaceDeclaration(at) || ts.isTypeAliasDeclaration(at)) return isData(at.name.text);
  return true;
}
