import { spawnSync } from "node:child_process"
import { chownSync } from "node:fs"
import { temporaryFolder } from "./folders.ts"

/** Who a database runs as: they refuse to be root. `{}` is whoever runs the bench. */
export interface DatabaseUser {
  readonly uid?: number
  readonly gid?: number
}

/** @param names users that are tried in turn, where the bench runs as root */
export function databaseUser(...names: readonly string[]): DatabaseUser {
  if (process.getuid?.() !== 0) return {}
  for (const name of [...names, "nobody"]) {
    const [uid, gid] = ["-u", "-g"].map(which => spawnSync("id", [which, name], { encoding: "utf8" }).stdout)
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) }
  }
  throw new Error(`none of the users ${names.join(", ")}, nobody is on this machine`)
}

/** A temporary folder that belongs to the database's user. */
export function folderOf({ uid, gid }: DatabaseUser, folder = temporaryFolder()): string {
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid)
  return folder
}
