import { join } from "node:path"
import type { NextConfig } from "next"

const config: NextConfig = {
  // It runs on Node as it is.
  serverExternalPackages: ["denglu"],
  // Only in Denglu's own repository: the packages are links that lead out of this folder.
  turbopack: { root: join(import.meta.dirname, "../../..") },
}

export default config
