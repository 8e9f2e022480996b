import { BlockList, isIP } from "node:net"

/** Finds out whose address a request comes from: the socket's, or what trusted proxies in front say. */
export type ClientAddress = (socketAddress: string | undefined, forwardedFor: string | undefined) => string

/**
 * Walks `X-Forwarded-For` from the right as long as the speaker is a trusted proxy. Nobody else can move the address.
 * Without trusted proxies the socket's address counts.
 *
 * @param trustedProxies addresses or CIDR ranges
 * @throws TypeError if one of them is neither
 */
export function createClientAddress(trustedProxies: readonly string[]): ClientAddress {
  const trusted = new BlockList()
  for (const proxy of trustedProxies) {
    const [address = "", prefix] = proxy.split("/")
    const version = isIP(address)
    const longest = version === 4 ? 32 : 128
    const bits = prefix === undefined ? longest : Number(prefix)
    if (version === 0 || !Number.isInteger(bits) || bits < 0 || bits > longest)
      throw new TypeError(`trustedProxies: "${proxy}" is neither an address nor a range such as "10.0.0.0/8"`)
    trusted.addSubnet(address, bits, version === 4 ? "ipv4" : "ipv6")
  }
  const isTrusted = (address: string) => {
    const version = isIP(address)
    return version !== 0 && trusted.check(address, version === 4 ? "ipv4" : "ipv6")
  }
  return (socketAddress, forwardedFor) => {
    let address = plain(socketAddress ?? "")
    if (trustedProxies.length === 0 || forwardedFor === undefined) return address
    const hops = forwardedFor.slice(-1024).split(",")
    while (hops.length > 0 && isTrusted(address)) {
      const hop = plain((hops.pop() as string).trim())
      if (isIP(hop) === 0) break
      address = hop
    }
    return address
  }
}

/** `::ffff:1.2.3.4` is `1.2.3.4`; `1.2.3.4:567` and `[::1]:567` lose their port. */
function plain(address: string): string {
  const unbracketed =
    /^\[(.*)\](:\d+)?$/.exec(address)?.[1] ?? (/^([\d.]+):\d+$/.exec(address)?.[1] || address)
  return /^::ffff:([\d.]+)$/i.exec(unbracketed)?.[1] ?? unbracketed
}

/**
 * The name under which an address is counted: IPv6 by its /64, which one household or one phone has to itself; no address at all
 * is one name for all.
 */
export function addressBucket(address: string): string {
  if (isIP(address) !== 6) return isIP(address) === 4 ? address : "unknown"
  const [head = "", tail = ""] = (address.split("%")[0] as string).toLowerCase().split("::")
  const groups = head === "" ? [] : head.split(":")
  const missing = 8 - groups.length - (tail === "" ? 0 : tail.split(":").length)
  const full = [...groups, ...Array.from({ length: Math.max(missing, 0) }, () => "0"), ...tail.split(":")]
  return full
    .slice(0, 4)
    .map(group => Number.parseInt(group || "0", 16).toString(16))
    .join(":")
}
