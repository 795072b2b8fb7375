import { Signal } from '@preact/signals';
import { createElement, Fragment, options, type ComponentChild, type ComponentChildren, type VNode } from 'preact';

/**
 * Translators of browsers replace text nodes by elements of their own. The page would go on changing a node that nobody
 * sees, and screens would show old numbers. So every text gets an inline element with the text as its key: a changed text
 * is a new element, which also takes the place of what a translator made of the old one.
 */
const tag = 'own-text';

/** These contain nothing but text. */
const plain = ['option', 'textarea', tag];

const before = options.vnode;
options.vnode = (vnode: VNode) => {
  const { type } = vnode;
  if (type === Fragment || (typeof type === 'string' && !plain.includes(type))) {
    const props = vnode.props as { children?: ComponentChildren };
    if (props.children !== undefined && props.children !== null) props.children = owned([props.children].flat());
  }

  before?.(vnode);
};

function owned(children: ComponentChild[]): ComponentChild[] {
  const result: ComponentChild[] = [];
  let text = '';
  const end = (): void => {
    if (text) result.push(text.trim() ? createElement(tag, { key: text }, text) : text);
    text = '';
  };
  for (const child of children) {
    // A signal would change its text node directly.
    const value: unknown = child instanceof Signal ? child.value : child;
    if (typeof value === 'string' || typeof value === 'number') text += value;
    else {
      end();
      result.push(Array.isArray(value) ? owned(value as ComponentChild[]) as unknown as ComponentChild : value as ComponentChild);
    }
  }

  end();
  return result;
}
