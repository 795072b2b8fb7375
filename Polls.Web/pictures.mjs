// Draws the product's mark (src/styles/icon.svg, whose rectangles it reads) as pixels: browsers ask for /favicon.ico, and
// messengers show a picture beside a link, neither as SVG.
import { deflateSync } from 'node:zlib';

const samples = 3;

/** The picture as a PNG file of this width and height. */
export function png(svg, size) {
  const rows = Buffer.alloc((size * 4 + 1) * size);
  const shapes = rectangles(svg);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) rows.set(pixel(shapes, x, y, 32 / size), y * (size * 4 + 1) + 1 + x * 4);
  }

  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6], 8); // 8 bits each of red, green, blue and alpha
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A Windows icon file with the picture in each of these sizes. */
export function ico(svg, sizes) {
  const pictures = sizes.map((size) => png(svg, size));
  const head = Buffer.alloc(6 + 16 * sizes.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(sizes.length, 4);
  let offset = head.length;
  sizes.forEach((size, i) => {
    const entry = 6 + 16 * i;
    head.set([size % 256, size % 256], entry);
    head.writeUInt16LE(1, entry + 4);
    head.writeUInt16LE(32, entry + 6);
    head.writeUInt32LE(pictures[i].length, entry + 8);
    head.writeUInt32LE(offset, entry + 12);
    offset += pictures[i].length;
  });
  return Buffer.concat([head, ...pictures]);
}

function rectangles(svg) {
  return [...`${svg}`.matchAll(/<rect ([^>]*)\/>/g)].map(([, attributes]) => {
    const of = (name, otherwise) => new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1] ?? otherwise;
    const fill = of('fill', '#ffffff');
    return {
      x: +of('x', 0), y: +of('y', 0), width: +of('width'), height: +of('height'), radius: +of('rx', 0), opacity: +of('opacity', 1),
      colour: [1, 3, 5].map((at) => parseInt(fill.slice(at, at + 2), 16)),
    };
  });
}

/** Red, green, blue and alpha. Averages samples within the pixel, for smooth edges. */
function pixel(shapes, x, y, unit) {
  let [red, green, blue, alpha] = [0, 0, 0, 0];
  for (let i = 0; i < samples * samples; i++) {
    const at = [x + ((i % samples) + 0.5) / samples, y + (Math.floor(i / samples) + 0.5) / samples].map((place) => place * unit);
    let colour = [0, 0, 0];
    let covered = 0;
    for (const shape of shapes.filter((one) => covers(one, ...at))) {
      colour = colour.map((value, part) => (covered ? value * (1 - shape.opacity) : 0) + shape.colour[part] * (covered ? shape.opacity : 1));
      covered = 1;
    }

    [red, green, blue, alpha] = [red + colour[0], green + colour[1], blue + colour[2], alpha + covered];
  }

  return alpha === 0 ? [0, 0, 0, 0] : [red / alpha, green / alpha, blue / alpha, (255 * alpha) / (samples * samples)].map(Math.round);
}

function covers({ x, y, width, height, radius }, px, py) {
  const dx = Math.max(x + radius - px, px - (x + width - radius), 0);
  const dy = Math.max(y + radius - py, py - (y + height - radius), 0);
  return dx ** 2 + dy ** 2 <= radius ** 2 && px >= x && px <= x + width && py >= y && py <= y + height;
}

function chunk(name, content) {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), content]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(checksum(body));
  return Buffer.concat([length, body, sum]);
}

/** CRC-32, which Node.js offers from version 20.15 on only. */
function checksum(bytes) {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }

  return ~sum >>> 0;
}
