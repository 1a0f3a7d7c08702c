import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Me } from '@/core/api'
import { queries } from '@/core/client'
import { askedToFollow, askedToSignIn, endSession, freshMember, memberHere, signedIn, signInAddress, withMember } from '@/core/session'
import { firstTime, remember, remembered } from '@/core/storage'

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
    askedToFollow.value = null
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.restoreAllMocks()
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
  })

  it('is asked to sign in when the service says that it is a guest', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(Response.json({ code: 'auth.unauthenticated', status: 401 }, { status: 401 })))
    expect(await memberHere()).toBe(false)
    expect(askedToSignIn.value).toBe(true)
  })

  it('is who the service says, whoever was here before', () => {
    remember('member.a', 'm1')
    queries.setQueryData(['me'], null)
    expect(signedIn()).toBe(false)
    expect(askedToSignIn.value).toBe(true)
    queries.setQueryData(['me'], { member_id: 'm2' } as Me)
    expect(signedIn()).toBe(true)
  })

  /** A service that remembers what it was asked. */
  function serving(answers: Record<string, () => Response | Promise<Response>>): string[] {
    const asked: string[] = []
    vi.stubGlobal('fetch', (address: string, { method }: { method: string }) => {
      asked.push(`${method} ${address.split('/').at(-1)}`)
      return Promise.resolve(answers[asked.at(-1)!]!())
    })
    return asked
  }
  const refusing = (status: number) => () => Response.json({ code: 'no', status }, { status })

  it('is nobody after signing out without a network, though the session lasts, and the service is told later', async () => {
    remember('member.a', 'm1')
    const answers = { 'DELETE session': (): Response => Response.error(), 'GET me': () => Response.json({ member_id: 'm1' }) }
    const asked = serving(answers)
    expect(await endSession()).toBe(false)
    expect(await freshMember()).toBe(null)
    expect([asked, remembered('member.a')]).toEqual([['DELETE session', 'DELETE session'], null])
    answers['DELETE session'] = () => new Response(null, { status: 204 })
    answers['GET me'] = refusing(401)
    expect(await freshMember()).toBe(null)
    expect(await freshMember()).toBe(null)
    expect(asked.slice(2)).toEqual(['DELETE session', 'GET me', 'GET me'])
    expect(remembered('left.a')).toBe('told')
  })

  it('has signed out when the session had ended already', async () => {
    serving({ 'DELETE session': refusing(401) })
    expect(await endSession()).toBe(true)
  })

  it('has left when the service knows no such member any more', async () => {
    remember('member.a', 'm1')
    serving({ 'GET me': refusing(404) })
    expect(await freshMember()).toBe(null)
    expect([remembered('left.a'), remembered('member.a')]).toEqual(['told', null])
  })

  it('is back with a real sign-in', async () => {
    remember('left.a', 'told')
    serving({ 'GET me': () => Response.json({ member_id: 'm2' }) })
    expect((await freshMember())?.member_id).toBe('m2')
    expect([remembered('left.a'), remembered('member.a')]).toEqual([null, 'm2'])
  })

  it('comes back to the very address, whatever stands in it', () => {
    const here = vi.spyOn(location as { search: string }, 'search', 'get')
    for (const [search, landing] of [
      ['?topic=%23%2F%26', '/h5/a/?topic=%23%2F%26'],
      ['?q=\\', '/h5/a/?q=%5C'],
      [`?q=${'x'.repeat(600)}`, '/h5/a/'],
    ]) {
      here.mockReturnValue(search!)
      expect(new URL(signInAddress(), 'http://h5').searchParams.get('return_to')).toBe(landing)
    }
  })

  it('is shown how to follow where only followers write, and goes on afterwards', () => {
    const acts: string[] = []
    queries.setQueryData(['community'], { follow_first: true })
    for (const follows_account of [false, null, true]) {
      queries.setQueryData(['me'], { member_id: 'm1', follows_account })
      withMember(() => acts.push(String(follows_account)))
    }
    expect(acts).toEqual(['null', 'true'])
    askedToFollow.value?.goOn?.()
    expect(acts).toEqual(['null', 'true', 'false'])
  })

  it('visits each community by itself', () => {
    const visits = new Map<string, string>()
    vi.stubGlobal('sessionStorage', { getItem: (name: string) => visits.get(name) ?? null, setItem: (name: string, value: string) => void visits.set(name, value) })
    expect(['entered.a', 'entered.a', 'entered.b'].map(firstTime)).toEqual([true, false, true])
  })
})
