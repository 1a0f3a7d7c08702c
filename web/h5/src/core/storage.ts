/** Small things that this browser remembers. Storage may be full or forbidden: then nothing is remembered. */
export function remembered(name: string): string | null {
  try {
    return localStorage.getItem(`guanwei.${name}`)
  } catch {
    return null
  }
}

export function remember(name: string, value: string | null): boolean {
  try {
    if (value === null) localStorage.removeItem(`guanwei.${name}`)
    else localStorage.setItem(`guanwei.${name}`, value)
    return true
  } catch {
    return false
  }
}

/** True the first time that it is asked in this visit, which ends with the tab. */
export function firstTime(name: string): boolean {
  try {
    if (sessionStorage.getItem(`guanwei.${name}`)) return false
    sessionStorage.setItem(`guanwei.${name}`, '1')
    return true
  } catch {
    return false
  }
}

/** The names that begin so, without their beginning. */
export function rememberedNames(prefix: string): string[] {
  try {
    const whole = `guanwei.${prefix}`
    return Object.keys(localStorage).flatMap((name) => (name.startsWith(whole) ? [name.slice(whole.length)] : []))
  } catch {
    return []
  }
}

export function forgetAll(prefix: string): void {
  for (const name of rememberedNames(prefix)) remember(prefix + name, null)
}
