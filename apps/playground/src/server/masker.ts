/** Takes out of texts what nobody may see. */
export interface Masker {
  /** Remembers a secret: wherever it turns up from now on, it is masked. Too short ones would hit innocent text and are left. */
  learn(secret: string): void
  /** The text with everything that is known, or looks like, a secret masked. */
  scrub(text: string): string
}

/** What may be seen of a secret: the beginning, four characters at most, and its length. `021b…(32)` */
export function masked(secret: string): string {
  return `${secret.slice(0, Math.min(4, Math.floor(secret.length / 4)))}…(${secret.length})`
}

/** Secrets remembered; the oldest go first. Tokens are known by their shape besides. */
const mostSecrets = 1_000
const shortestSecret = 8

/** Signed tokens, refresh tokens of Denglu, mobile numbers of mainland China. */
const shapes = [
  /eyJ[\w-]{5,}\.[\w-]+\.[\w-]+/g,
  /\br1\.[0-9a-v]{26}\.[0-9a-z]+\.[\w-]{43}/g,
  /(?<![0-9A-Za-z])(?:\+?86)?1\d{10}(?![0-9A-Za-z])/g,
]

export function createMasker(): Masker {
  const secrets = new Set<string>()
  return {
    learn(secret) {
      if (secret.length < shortestSecret) return
      secrets.delete(secret)
      secrets.add(secret)
      for (const oldest of secrets) {
        if (secrets.size <= mostSecrets) break
        secrets.delete(oldest)
      }
    },
    scrub(text) {
      let clean = text
      for (const secret of secrets)
        if (clean.includes(secret)) clean = clean.replaceAll(secret, masked(secret))
      for (const shape of shapes) clean = clean.replace(shape, masked)
      return clean
    },
  }
}
