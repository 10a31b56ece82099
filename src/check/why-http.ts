import type { Outcome } from '../probe/observation.js';
import type { Text } from '../text.js';

/** What it means that a request ended this way although another way was expected. */
export function whyOutcome(seen: Outcome, expected: readonly Outcome[]): Text {
  if (seen === 'ok') return expected.includes('no-name') ? NAME_EXISTS : ANSWERED;
  if (seen === 'timeout' && expected.includes('refused')) return SILENT_NOT_REFUSED;
  if (seen === 'refused' && expected.includes('timeout') && !expected.includes('ok')) return REFUSED_NOT_SILENT;
  return BY_OUTCOME[seen];
}

const ANSWERED: Text = {
  en: 'An HTTP answer came from where none should come: the address is reachable from here, through a route, a rule or a pod that was not expected.',
  ja: '応答が来ないはずの宛先から HTTP 応答が返りました。想定外の経路・ルール・Pod によって、この場所から到達できています。',
};
const NAME_EXISTS: Text = {
  en: 'The name resolved here although it should be unknown: check the search list of the place and the namespace in which the Service lives.',
  ja: '解決できないはずの名前が解決されました。この場所の search リストと、Service がある Namespace を確認してください。',
};
const SILENT_NOT_REFUSED: Text = {
  en: 'Silence instead of a refusal: the packets are dropped or lost on the way, or the refusal (an ICMP message, limited to about one a second) did not come back within the limit.',
  ja: '拒否されるはずが無応答でした。パケットが途中で破棄または消失しているか、拒否の通知（毎秒 1 回程度に制限される ICMP）が制限時間内に届いていません。',
};
const REFUSED_NOT_SILENT: Text = {
  en: 'A refusal instead of silence: somebody answers for this address and says no, a rule that rejects or a host without a listener.',
  ja: '無応答のはずが拒否されました。拒否するルール、または待ち受けのないホストが、この宛先に代わって応答しています。',
};

const BY_OUTCOME: Readonly<Record<Exclude<Outcome, 'ok'>, Text>> = {
  refused: {
    en: 'Refused: the address is reached, but nobody listens behind it. The Service has no ready endpoint, its rules are not on this node yet, or targetPort is not the port that the container listens on.',
    ja: '接続が拒否されました。宛先までは届いていますが、待ち受ける相手がいません。Ready なエンドポイントが無い、このノードにまだルールが無い、または targetPort がコンテナの待ち受けポートと違います。',
  },
  timeout: {
    en: 'Silence: packets go out and nothing comes back. They are dropped on the way (pod network between nodes, a firewall, a NetworkPolicy), or no rule on this node catches address and port and it leaves by the default gateway.',
    ja: '応答がありません。パケットが途中（ノード間の Pod ネットワーク、ファイアウォール、NetworkPolicy）で破棄されているか、このノードに該当するルールが無くデフォルトゲートウェイへ出ています。',
  },
  'no-name': {
    en: 'The name could not be resolved from here: it does not exist in this namespace, or the cluster DNS cannot be reached.',
    ja: 'この場所から名前を解決できません。この Namespace にその名前が無いか、クラスター DNS に届いていません。',
  },
  'no-route': {
    en: 'There is no way to the address: no route to it, or nobody in the local network answers for it (ARP). For a Service’s own address: no rule on this node catches address and port, and the default gateway says no.',
    ja: '宛先への経路がありません。ルートが無いか、同じネットワーク内でその宛先に応答（ARP）する機器がありません。Service のアドレスなら、このノードにアドレスとポートに該当するルールが無く、デフォルトゲートウェイが経路なしと返しています。',
  },
  reset: {
    en: 'The connection was accepted and then broken off before the answer was complete: the pod was stopping, crashed, or speaks another protocol on this port.',
    ja: '接続は受け付けられましたが、応答の途中で切断されました。Pod が停止中か異常終了したか、このポートが別のプロトコルを話しています。',
  },
  tls: {
    en: 'The TLS handshake failed: no TLS on this port, or a certificate that is not trusted or not for this name.',
    ja: 'TLS ハンドシェイクに失敗しました。このポートが TLS ではないか、証明書が信頼されていない、または名前が一致しません。',
  },
  'bad-body': {
    en: 'An answer began, but its body was cut or could not be decoded.',
    ja: '応答は始まりましたが、本文が途中で切れたか、復号できませんでした。',
  },
  other: {
    en: 'The request failed in a way that pilab has no word for; the evidence has the text of curl.',
    ja: 'pilab に該当する分類が無い失敗です。証拠にある curl のメッセージを確認してください。',
  },
};

/** Sentences for what is wrong with answers that did come. */
export const WHY_HTTP = {
  status: {
    en: 'The server answered with another status: the request reached a server, but not the page, virtual host or backend that was meant.',
    ja: '別のステータスが返りました。サーバには届いていますが、目的のページ、バーチャルホスト、またはバックエンドではありません。',
  },
  answeredBy: {
    en: 'Another pod answered than the one that was asked: the address was reused, or something between rewrites the destination.',
    ja: '別の Pod が応答しました。アドレスが再利用されたか、途中で宛先が書き換えられています。',
  },
  client: {
    en: 'The pod saw another client address: source NAT took place where it should not, or did not where it should (kube-proxy’s masquerading, the pod network’s own).',
    ja: 'Pod から見えたクライアントのアドレスが違います。送信元 NAT が、不要な場所で行われたか、必要な場所で行われていません（kube-proxy または Pod ネットワークのマスカレード）。',
  },
  forwardedFor: {
    en: 'The header X-Forwarded-For names another client: the ingress controller itself saw another address, as source NAT took place before it (externalTrafficPolicy: Cluster), or it keeps what clients claim.',
    ja: 'X-Forwarded-For のクライアントが違います。Ingress コントローラに届く前に送信元 NAT が行われたか（externalTrafficPolicy: Cluster）、クライアントが付けた値がそのまま残っています。',
  },
  certificate: {
    en: 'The server showed another certificate: the Ingress names no Secret for this host, the Secret is missing or broken (then most controllers show a default of their own), or another Ingress serves this host.',
    ja: '別の証明書が提示されました。Ingress にこのホスト用の Secret の指定が無いか、Secret が無い・壊れている（多くのコントローラは自前の証明書を出します）か、別の Ingress がこのホストを処理しています。',
  },
  location: {
    en: 'The redirect leads elsewhere, or there is none: the rule that answers is not the one that was meant.',
    ja: 'リダイレクト先が違うか、リダイレクトされていません。想定と別のルールが応答しています。',
  },
  host: {
    en: 'The pod saw another Host header than was sent: a proxy on the way rewrote it.',
    ja: 'Pod に届いた Host ヘッダーが違います。途中のプロキシーが書き換えています。',
  },
  path: {
    en: 'The pod saw another path than was asked: a proxy on the way rewrote it.',
    ja: 'Pod に届いたパスが違います。途中のプロキシーが書き換えています。',
  },
  body: {
    en: 'The body lacks the expected text: another page or another server answered.',
    ja: '本文に期待した文字列がありません。別のページか別のサーバが応答しています。',
  },
  headers: {
    en: 'The header is missing or says something else: another server answered, or a version that does not send it.',
    ja: 'ヘッダーが無いか、値が違います。別のサーバが応答しているか、このヘッダーを送らないバージョンです。',
  },
  json: {
    en: 'The JSON of the answer says something else, or the answer is no JSON: what it reports differs from what was set up.',
    ja: '応答の JSON の値が違うか、JSON ではありません。報告された状態が、準備した状態と異なります。',
  },
} satisfies Record<string, Text>;
