/** Builds the page with Vite, by the vite.config.ts in its project. @throws Error (as a rejection) with what Vite says */
export async function buildPage(root: string, folder: string): Promise<void> {
  const { build } = await import("vite")
  await build({ root, logLevel: "silent", build: { outDir: folder, emptyOutDir: true } })
}
