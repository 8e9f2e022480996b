import { generateKeyPairSync, sign } from "node:crypto"

export interface SelfSigned {
  /** PEM */
  readonly cert: string
  /** PEM, PKCS #8 */
  readonly key: string
}

/**
 * A certificate that is its own authority (RFC 5280), with an Ed25519 key (RFC 8410).
 *
 * @param options.name the DNS name it is for
 * @param options.until the last moment it is valid; a day from now without it
 */
export function createSelfSigned(options: { readonly name: string; readonly until?: Date }): SelfSigned {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519")
  const day = 86_400_000
  const until = options.until ?? new Date(Date.now() + day)
  const ed25519 = sequence(der(0x06, Buffer.from([0x2b, 0x65, 0x70])))
  const commonName = der(0x06, Buffer.from([0x55, 0x04, 0x03]))
  const name = sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from(options.name)))))
  const alternativeName = sequence(
    der(0x06, Buffer.from([0x55, 0x1d, 0x11])),
    der(0x04, sequence(der(0x82, Buffer.from(options.name)))),
  )
  const unsigned = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    ed25519,
    name,
    sequence(time(new Date(until.getTime() - 2 * day)), time(until)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(alternativeName)),
  )
  const signature = Buffer.concat([Buffer.from([0]), sign(null, unsigned, privateKey)])
  const body = sequence(unsigned, ed25519, der(0x03, signature)).toString("base64")
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${body.replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  }
}

/** Tag, length, value (X.690), of values shorter than 64 KiB. */
function der(tag: number, value: Buffer): Buffer {
  const { length } = value
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), value])
  if (length < 0x100) return Buffer.concat([Buffer.from([tag, 0x81, length]), value])
  return Buffer.concat([Buffer.from([tag, 0x82, length >> 8, length & 0xff]), value])
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts))
}

/** UTCTime: `YYMMDDhhmmssZ`. */
function time(date: Date): Buffer {
  const text = date.toISOString().replace(/\.\d+|[-:T]/g, "")
  return der(0x17, Buffer.from(text.slice(2)))
}
