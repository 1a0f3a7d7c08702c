import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Me } from '@/core/api'
import { queries } from '@/core/client'
import { askedToSignIn, memberHere, signedIn, withMember } from '@/core/session'
import { remember } from '@/core/storage'

const kept = new Map<string, string>()
Object.assign(globalThis, {
  localStorage: {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  },
})

describe('who looks', () => {
  beforeEach(() => {
    queries.clear()
    kept.clear()
    askedToSignIn.value = false
  })

  it('is the member of last time while the service has not answered', () => {
    remember('member.a', 'm1')
    expect(signedIn()).toBe(true)
    expect(askedToSignIn.value).toBe(false)
  })

  it('is a guest when nobody was here before', () => {
    expect(signedIn()).toBe(false)
    expect(askedToSignIn.value).toBe(true)
  })

  it('is waited for when nobody was here before', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(Response.json({ member_id: 'm3' })))
    const acts: string[] = []
    withMember(() => acts.push('wrote'))
    expect(await memberHere()).toBe(true)
    expect([acts, askedToSignIn.value]).toEqual([['wrote'], false])
    withMember(() => acts.push('wrote at once'))
    expect(acts).toEqual(['wrote', 'wrote at once'])
    vi.unstubAllGlobals()
  })

  it('is asked to sign in when the service says that it is a guest', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(Response.json({ code: 'auth.unauthenticated', status: 401 }, { status: 401 })))
    expect(await memberHere()).toBe(false)
    expect(askedToSignIn.value).toBe(true)
    vi.unstubAllGlobals()
  })

  it('is who the service says, whoever was here before', () => {
    remember('member.a', 'm1')
    queries.setQueryData(['me'], null)
    expect(signedIn()).toBe(false)
    expect(askedToSignIn.value).toBe(true)
    queries.setQueryData(['me'], { member_id: 'm2' } as Me)
    expect(signedIn()).toBe(true)
  })
})
