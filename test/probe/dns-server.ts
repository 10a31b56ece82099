import { createSocket, type Socket } from 'node:dgram';

/** A record as a server sends it; `data` is wire format. */
export interface WireRecord {
  readonly name: string;
  readonly type: number;
  readonly ttl: number;
  readonly data: Buffer;
}

export interface WireReply {
  readonly rcode?: number;
  readonly aa?: boolean;
  readonly answers?: readonly WireRecord[];
  readonly authority?: readonly WireRecord[];
  readonly additional?: readonly WireRecord[];
}

/** A name in wire format, uncompressed (RFC 1035, 3.1). */
export function wireName(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '');
  return Buffer.concat([
    ...labels.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
    Buffer.from([0]),
  ]);
}

export function numbers16(...values: number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 2);
  values.forEach((value, index) => buffer.writeUInt16BE(value, index * 2));
  return buffer;
}

export function numbers32(...values: number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => buffer.writeUInt32BE(value, index * 4));
  return buffer;
}

/** A DNS server on loopback that answers by a function of the question; `undefined` is silence. */
export async function dnsServer(
  answer: (question: { name: string; type: number }) => WireReply | undefined,
): Promise<{ port: number; close: () => void }> {
  const socket: Socket = createSocket('udp4');
  socket.on('message', (query, peer) => {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += length + 1;
    }
    const reply = answer({ name: `${labels.join('.')}.`, type: query.readUInt16BE(at + 1) });
    if (reply === undefined) return;
    const { rcode = 0, aa = true, answers = [], authority = [], additional = [] } = reply;
    const records = [...answers, ...authority, ...additional].map(({ name, type, ttl, data }) =>
      Buffer.concat([wireName(name), numbers16(type, 1), numbers32(ttl), numbers16(data.length), data]),
    );
    const header = Buffer.concat([
      query.subarray(0, 2),
      numbers16(0x8100 | (aa ? 0x0400 : 0) | rcode, 1, answers.length, authority.length, additional.length),
    ]);
    socket.send(Buffer.concat([header, query.subarray(12, at + 5), ...records]), peer.port, peer.address);
  });
  await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done));
  return { port: socket.address().port, close: () => socket.close() };
}
