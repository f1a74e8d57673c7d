/** A form on the page that can lose what was typed. */
export interface Unsaved {
  isUnsaved(): boolean
  /** Whether what was typed may be lost, as somebody is asked. */
  ask(): Promise<boolean>
  /** From now on nothing stands in the way of leaving. */
  giveUp(): void
}

const forms = new Set<Unsaved>()

/** Keeps a form among those that are asked about. Returns how to take it away. */
export function keepAmongUnsaved(form: Unsaved): () => void {
  forms.add(form)
  return () => void forms.delete(form)
}

/** Asks once for all forms on the page, before what loads it anew. */
export async function mayLoseTyped(): Promise<boolean> {
  const first = [...forms].find((form) => form.isUnsaved())
  if (first !== undefined && !(await first.ask())) return false
  for (const form of forms) form.giveUp()
  return true
}
