import { spawnSync } from "node:child_process"
import { hasCommand } from "../../scripts/need.ts"
import type { Site } from "./database-server.ts"

/** A network of its own for a server, with a cable to this machine that can be cut: a network namespace and a pair of veths. */
export interface CuttableNetwork extends Site {
  /** From now on every packet in either direction vanishes: nobody is told, connections stay open. */
  cut(): void
  mend(): void
  close(): void
}

export const whatNetworksNeed =
  "root, the commands ip and nft, and a kernel that lets them make network namespaces"

function attempt(...[command = "", ...args]: readonly string[]): { readonly failure: string | undefined } {
  const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8" })
  return { failure: status === 0 ? undefined : `${command} ${args.join(" ")}: ${error?.message ?? stderr}` }
}

function run(line: string): void {
  const { failure } = attempt(...line.split(" "))
  if (failure !== undefined) throw new Error(failure)
}

/** Whether this machine can do it, found out by doing it. */
export function hasCuttableNetworks(): boolean {
  if (process.getuid?.() !== 0 || !hasCommand("ip") || !hasCommand("nft")) return false
  try {
    const network = openCuttableNetwork()
    try {
      network.cut()
      network.mend()
      return true
    } finally {
      network.close()
    }
  } catch {
    return false
  }
}

let opened = 0

export function openCuttableNetwork(): CuttableNetwork {
  opened += 1
  const name = `dl${process.pid % 100_000}x${opened}`
  // 198.18.0.0/15 is set aside for tests of networks (RFC 2544), so that it is nobody's real one.
  const subnet = `198.18.${(process.pid + opened) % 256}`
  const address = `${subnet}.2`
  const inside = `ip netns exec ${name}`
  run(`ip netns add ${name}`)
  const close = () => {
    attempt("ip", "link", "del", `${name}h`)
    run(`ip netns del ${name}`)
  }
  try {
    run(`ip link add ${name}h type veth peer name ${name}n netns ${name}`)
    run(`ip addr add ${subnet}.1/24 dev ${name}h`)
    run(`ip link set ${name}h up`)
    run(`${inside} ip addr add ${address}/24 dev ${name}n`)
    run(`${inside} ip link set ${name}n up`)
    run(`${inside} ip link set lo up`)
  } catch (error) {
    close()
    throw error
  }
  return {
    address,
    enter: inside.split(" "),
    cut() {
      run(`${inside} nft add table inet cable`)
      for (const way of ["input", "output"])
        run(
          `${inside} nft add chain inet cable ${way} { type filter hook ${way} priority 0 ; policy drop ; }`,
        )
    },
    mend: () => run(`${inside} nft delete table inet cable`),
    close,
  }
}
