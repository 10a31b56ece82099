/**
 * TCP ports of an address that kube-proxy rejects for want of endpoints, read from `iptables-save` (`… -j REJECT`) or
 * from `nft list …` (an element of map no-endpoint-services with `goto reject-chain`); claim B12, shapes in observed.md.
 */
export function rejectedPorts(rules: string, address: string): number[] {
  const escaped = address.replaceAll('.', String.raw`\.`);
  const nft = new RegExp(
    String.raw`(?<![\d.])${escaped} \. tcp \. (\d+)(?: comment "[^"]*")? : goto reject-chain`,
    'g',
  );
  const fromNft = [...rules.matchAll(nft)].map((match) => Number(match[1]));
  const fromIptables = rules.split('\n').flatMap((line) => {
    if (!/^-A KUBE-SERVICES /.test(line) || !line.includes(` -d ${address}/32 `) || !/ -j REJECT\b/.test(line))
      return [];
    const port = / -p tcp .*--dport (\d+)/.exec(line)?.[1];
    return port === undefined ? [] : [Number(port)];
  });
  return [...new Set([...fromNft, ...fromIptables])].sort((a, b) => a - b);
}
