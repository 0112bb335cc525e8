using System.Collections.Frozen;

namespace PolicyEngine.Planning.Lexing;

/// <summary>
/// The words and expressions the planner knows, by what they are about. A new feature adds its words here and its clause beside the others.
/// What stands nowhere is an unknown word, and is asked about.
/// </summary>
internal static class Lexicon
{
    /// <summary>Verbs: their regular forms are derived.</summary>
    private static readonly (Concept Concept, string Verbs)[] Verbs =
    [
        (Concept.Send, "send, divide, distribute, allocate, assign, share, partition, dedicate, shift, move, direct, divert, split, steer, push, shoot, begin, roll, bleed, trickle, drip, leak, stay, remain, serve, transfer, migrate, nudge, siphon, funnel, switch, flip, ramp, release, launch, try, test, pour, point, carry, handle, see, hit, go, land, ship, absorb, process, expose, swing, forward, deliver, map, proxy, mount"),
        (Concept.Promote, "promote"),
        (Concept.Mirror, "mirror, duplicate, tee, clone, dark-launch"),
        (Concept.Limit, "limit, throttle, cap, narrow, rate-limit, ratelimit, restrict, constrain, quota, clamp, curb, ration"),
        (Concept.Deny, "block, deny, ban, forbid, reject, refuse, blacklist, blocklist, denylist, disallow, prohibit, prevent"),
        (Concept.Allow, "allow, permit, grant, open, whitelist, allowlist, admit, accept"),
        (Concept.Retry, "retry, reattempt, retrigger"),
        (Concept.Timeout, "time-out"),
        (Concept.Wait, "wait, exceed"),
        (Concept.Delay, "delay, slow, stall"),
        (Concept.Abort, "abort, fail, inject, abandon, terminate, interrupt, crash"),
        (Concept.Require, "require, demand, insist"),
        (Concept.Redirect, "redirect"),
        (Concept.Reach, "reach, access, enter, contact"),
        (Concept.Answer, "answer, respond, reply, return"),
        (Concept.Rewrite, "rewrite"),
        (Concept.Stop, "stop, remove, drop, delete, cancel, end, disable, lift, kill, clear, unset, cease, eliminate, strip, scrap, hide, scrub, suppress, omit, discard, erase, retire, deactivate, unmirror, close"),
        (Concept.Set, "execute, set, make, change, use, add, apply, configure, enable, keep, adjust, update, append, insert, give, attach, stick, introduce, define, impose, put, leave, hold, tag, stamp, enforce, protect, include, turn, reset, wire, ask"),
        (Concept.Raise, "raise, increase, bump, grow, extend, lengthen, boost, lift-up, relax, ease, widen, loosen"),
        (Concept.Lower, "cut, lower, decrease, reduce, shorten, shrink, trim, tighten, shave, knock, chop, subtract, deduct, dial-down, drop-down"),
        (Concept.Double, "double"),
        (Concept.Triple, "triple, treble"),
        (Concept.Halve, "halve"),
        (Concept.Undo, "undo, revert, rollback, restore, roll-back"),
        (Concept.Route, "route"),
    ];

    private static readonly (Concept Concept, string Words)[] Words =
    [
        (Concept.Filler, """
            the, a, an, please, pls, plz, kindly, could, can, you, we, i, want, wants, would, like, need, needs, should, let, lets, us, me, now, just, be, is, are, was, been, being, has, have, had, that, this, there, here, their, its,
            your, my, our, so, hey, hi, hello, thanks, thank, cheers, currently, ok, okay, here's, it's, i'd, we'd, we'll, i'll, let's, going, new-value, value, called, named, do, does, shall, will, must, may, might, gets, get, getting, got, which, who, whose, they, those, these, he, she, him,
            today's, right, then-again, simply, basically, quickly, quick, actually, really, well, um, uh, er, hmm, sorry, oh, alright, great, good, morning, afternoon, evening, folks, team, mate, guys, buddy, sure, perhaps, maybe, possibly, possible, once-more, about, roughly, around, approximately, approx, exactly,
            overall-value, any, such, both, own, rule, rules, setting, settings, configuration, config, load, live, production, percentage, share, amount, number, level, chance, favor, favour, whatever, people, folk, customers, shoppers, visitors, users, sessions, bound, incoming, inbound, overall-traffic, start, starting, started, starts, see-if, ahead, out-there, temporarily-please,
            effect, effective, immediately, straight, away, asap, nice, safe, safely, gently, gradually-please, carefully, i'm, we're, you're, they're, that's, there's, i've, we've, want-to, gonna, wanna, for now, for the time being, for the moment, at the moment, right now, trying, attack, attacks, attacked, attacking, attacker, attackers, abuse, abusing, abusive, hammering, hammered, flooding, flooded, spamming, looking, help, able, happy, wondering, wonder, appreciate, appreciated, grateful, mind, guess, think, feel, free, job, task, thing, things, stuff, hoping, hope, time-being, say, mean, meant, namely, viewers, subscribers, members, audience, buyers, guests, time to, it is time to, weight, weights, weighting, ratio, fast, nah, nope, dear, planner, bot, assistant, engine, computer, robot, friend, friends, hi all, hello all, hey all, hi everyone, hello everyone, hey everyone, greetings, gday, yo, cool, awesome, perfect, excellent, lovely, brilliant, fantastic, love, loved, wish, wishes, prefer, preferred, preferably, wanted, needed, asked, asking, supposed, expect, expected, intend, intended, planning, planned, decided, agreed, propose, suggest, recommend, advise,
            target, goal, destination, mark, figure, basis, purpose, purposes, count, quantity, way, place, case, api, apis, component, components, piece, smoothly, properly, correctly, accordingly, officially, finally, definitely, certainly, obviously, clearly, hopefully, honestly, frankly, apparently, probably, likely, ideally, precisely, strictly, indeed, of course, surely, still, already, anyway, though, presently,
            how about, what about, what if we, why don't we, why not, shall we, thing is, the idea is, our goal is, my goal is, the plan is, the goal is, what we want is, what i want is, all i want is, all we need is, we need to have, i need you to, we need you to, i would like you to, i'd like you to, i want you to, is it possible to, would it be possible to, is there a way to, can i get you to, do me a favor and, do me a favour and, your help, help us, help me, with immediate effect, effective now, from now on, as of now, starting now, beginning now, starting immediately, from now, this time, at this point, once again,
            hereby, thereby, therefore, thus, hence, consequently, meanwhile, basically speaking, generally, in general, normally, usually, typically, simple, easy, quick one, small favor, newly, recently, lately, responsible, reasonable, sensible, sane, appropriate, suitable, desired, required-value, correct, proper, handy, solid, decent, modest, strict, hard, firm, explicit, flat, fixed, constant, global-wide, per-service, on call, on-call, sre, ops, devops, dev, devs, engineers, engineer, folks in, colleagues, boss, manager, management, stakeholders, partners-of-ours, product, marketing, company, business, organisation, organization, respectively, too slow, too long, too tight, too high, too low, too short, too many, too loose, too generous, too strict, too much, too few, too fast, ready, fine, healthy, happier, happier with, better, best, looks, looked, seems, seem, appears, confident, comfortable, nervous, worried, tested, done, busy, overloaded, struggling, important, critical, ie, e.g, eg, of the time, first, initially, at first, to start with, for starters, to begin with, make sure, makes sure, making sure, ensure, ensures, guarantee, see to it, make certain, able to, available, exact,
            it would be great if, it'd be great if, would be great if, would be nice if, it would be nice if, be great if, be nice if, i'd appreciate it if, would appreciate it if, if possible, if you can, if you could, if you would, if you please, if you don't mind, when you can, when you get a chance, when you have a moment, when you have time, as soon as possible,
            tiny, alone, untouched, unchanged, intact, kill switch, system test, drill, simulation, incident, emergency, urgent, urgently, maintenance, enough, automatic, automatically, weighted, without affecting users, without affecting anyone, without affecting customers, without affecting traffic, without user impact, without impact, without impact on users, without disruption, without downtime, without any downtime, without interruption,
            at your convenience, for me, for us, no rush, for testing, for a test, as a test, as an experiment, as a trial, for safety, to be safe, to be on the safe side, just in case, in production, in prod, out of the box, step by step, in order, heads up, fyi, by the way, btw, just to, i think, i guess, real quick, go ahead, want you to, kind of, type of
            """),
        (Concept.Noun, "check, checks, lookup, lookups, operation, operations, transaction, transactions, experiment, http, https, status, statuses, status code, status codes, code, codes, traffic, stream, streams, flow, side, end-users, backend, backends, upstream, instance, apps, app, application, api-calls, hits, volume, workload, pool"),
        (Concept.ServiceNoun, "service api, service, services, microservice, svc"),
        (Concept.VersionNoun, "version, versions, build, release-version, ver, revision, variant"),
        (Concept.GatewayNoun, "gateway, gateways, gw, ingress"),
        (Concept.FleetNoun, "fleet, fleets, mesh-fleet"),
        (Concept.Preposition, "coming from, originating from, to, on, for, in, at, from, into, with, via, of, by, towards, toward, over, onto, as, after, out, up, between, within, through, across, against, under, inside, during, among, behind, per-se, against, above"),
        (Concept.Separator, "and, then, plus, while, furthermore, additionally, afterwards, besides"),
        (Concept.Or, "or"),
        (Concept.Vague, "brute force, brute-force, brute force attacks, scrapers, scraping, bots, ddos, dos attacks, some, few, a few, most, many, several, part, portion, fraction, bit, a bit, little, a little, small, big, majority, minority, couple, a couple, nearly, almost, half-ish, long, short"),
        (Concept.Not, "not, don't, dont, never, no-one, do not, must not, should not, may not, cannot, can not, can't, cant, mustn't, shouldn't, won't, doesn't, does not, nobody, no one"),
        (Concept.If, "if, when, whenever, where, in case, in case of"),
        (Concept.Instead, "instead"),
        (Concept.InsteadOf, "instead of, rather than, in place of, as opposed to, and not"),
        (Concept.Because, "because, since, so that, in order to, due to, as we, given that, as part of, thanks to, owing to, reason, the reason is"),
        (Concept.Send, "end up, ends up, ending up, end up on, wind up, sent, seen, goes, gone, went, lands, cut over, switch over, move over, shift over, roll out, rolled out, rollout, ramp up, ramped up, put on, shoot over, go live, phase in, fail over, take, takes, receive, receives, received, receiving, traffic split, route traffic, routes traffic, run, runs, running, blue-green"),
        (Concept.Promote, "finish, complete, go all in, all the way"),
        (Concept.Mirror, "shadow-test, shadow-testing, shadow test, shadow testing, copy, copies, copied, copying, a copy, mirrored traffic, shadow traffic, dark launch, shadow copy, mirror copy"),
        (Concept.Shadow, "just count, only count, just log, only log, count but let pass, log but let pass, just count them, but let pass, but let it pass, but let them pass, log but allow, count but allow, without blocking, without blocking anyone, don't enforce, do not enforce, not enforced, shadow, shadowing, shadowed, shadows, dry-run, dry run, report-only, report only, log only, log-only, count only, monitor only, in shadow mode, shadow mode, observe only, without enforcing"),
        (Concept.Limit, "lock down, locked down, rate, rate limit, rate limits, rate limiting, rate limited, rate limiter, rate-limits, request limit, limits, throttling limit"),
        (Concept.Deny, "lock out, keep out, shut out, turn away, no access, deny list, block list, denied"),
        (Concept.Allow, "allow list, white list, limit access, restrict access, let through, let in"),
        (Concept.Require, "must have, must carry, must send, required, mandatory"),
        (Concept.Reach, "accessible, reachable, talk to, talks to, talking to, get in, gets in, get to, come in, comes in, come through, access"),
        (Concept.Retry, "retries, try again, tried again, trying again, tries again, re-try, re-tries, attempt again, attempted again, re-attempt, another try, second try, another go, another chance, second chance, have another go"),
        (Concept.Timeout, "long timeout, short timeout, generous timeout, tight timeout, strict timeout, overall timeout, total timeout, end-to-end timeout, timeout, timeouts, time out, times out, timing out, timed out, time-out, time-outs, deadline, deadlines, time limit, time limits, time budget, give up, gives up, giving up, wait longer than, don't wait longer than, do not wait longer than, don't wait more than, do not wait more than, never wait longer than, never wait more than, wait at most, waits at most, wait no longer than, wait no more than, waits no longer than, take more than, response time, response times, take longer than, takes longer than, taking longer than, lasts longer than, last longer than, longer than, response time limit, request timeout, request timeouts, cut off, cuts off, not take longer than, not take more than, take no longer than, takes no longer than, take no more than, taking more than, takes more than, slower than, run longer than, running longer than, should not take longer than"),
        (Concept.Delay, "latency, slow, slow down, slows down, slowed down, slowing down, slowness, lag, slower, hold back, artificial delay, artificial latency, extra latency"),
        (Concept.Abort, "fault, faults, injection, fault injection, failures, failure, chaos, break, simulate, simulated, outage, fail with, http error, http errors"),
        (Concept.Failing, "failure rate, error rate, connection reset, connection resets, reset connections, connections reset, refused streams, refused stream, stream refused, gateway errors, gateway error, gateway failures, error, errors, failed, failing, fails, unavailable responses, erroneous, server errors, server error, trouble"),
        (Concept.Header, "secret header, header, headers"),
        (Concept.Redirect, "permanent redirect"),
        (Concept.Rewrite, "rewritten, rewriting"),
        (Concept.Answer, "reply with, respond with, answer with, static response, direct response, canned response"),
        (Concept.Canary, "canary, canaries, canaried, canarying, canary release, canary rollout, canary deployment"),
        (Concept.Stop, "turn off, turned off, turning off, switch off, switched off, shut off, get rid of, getting rid of, take away, take off, take out, do away with, no longer, no more, any more, anymore, ditch, unblock, unban, pull, pull out, be gone, gone, kill off, ended, takes off, taken away"),
        (Concept.Off, "off"),
        (Concept.Set, "put in place, set up, turn on, switch on, put in, there be, bring, brings"),
        (Concept.Raise, "longer, larger, bigger, up to speed, turn up, dial up, crank up, push up, go up, goes up, higher, upped, upping, looser, more generous"),
        (Concept.Lower, "shorter, smaller, turn down, dial down, dial back, cut down, bring down, go down, scale back, dropped to, tighter, stricter, drop to, cut to, down to, cut back, lower down, down"),
        (Concept.Double, "twice as much, twice as long, twice as many"),
        (Concept.Halve, "half that, half it, half as much, half as long, half as many, in half, by half, by one half"),
        (Concept.Undo, "go back to what it was, back to what it was, go back to how it was, back to how it was, the way it was, back to the way it was, set it back to what it was, roll back, rolled back, rolling back, rolls back, take back, take that back, as it was, as it was before, go back to before, back out, undone, scratch that, never mind, nevermind, forget it, forget that, forget about it, cancel that, put it back, put that back, put things back, reverse"),
        (Concept.Same, "same, ditto, likewise, the same, do the same, same thing, same again, same goes, as well for, identical, repeat, that too"),
        (Concept.Too, "too, also, as well, as well as, along with, together with, in addition, on top, on top of that, another thing"),
        (Concept.Back, "back, again, back to normal"),
        (Concept.It, "it, them, that one, this one"),
        (Concept.Fully, "every route of, every route on, every route behind, all routes of, all routes on, all the routes of, fully, completely, entirely, everything, all, whole, entire, every request, anything, all of, totally, total traffic"),
        (Concept.Even, "evenly, equally, even, equal, fifty-fifty, fifty fifty, half and half, half-and-half, equal shares, equal parts, in equal shares, in equal parts"),
        (Concept.Rest, "all others, all the others, the other half, other half, rest, remainder, others, remaining, the rest, what is left, what's left, everything else, all else"),
        (Concept.AtMost, "at most, no more than, not more than, at a maximum, a maximum of, maximum of, max, maximum, up to a maximum of, capped at, at max, max of, a max of, upper limit, ceiling, tops, no longer than, never more than, not exceed, must not exceed, should not exceed, may not exceed, limited to, up to, below, upper bound"),
        (Concept.More, "more, extra, additional, another, further"),
        (Concept.Less, "less, fewer"),
        (Concept.Only, "only, solely, exclusively, nothing but, just only"),
        (Concept.Except, "everything but, anything but, everyone but, everybody but, anyone but, anybody but, all but, everything except, everyone except, everybody except, anyone except, anything except, all except, everything other than, everyone other than, all requests except, all traffic except, every request except, all methods except, everyone who is not in, anyone outside, everyone outside, anything outside, everyone not in, anyone not in, anyone not from, everyone not from, nobody outside, no one outside, nobody except, no one except, nobody but, no one but, noone but, none but, nobody other than, no one other than, nothing outside, except, but not, apart from, excluding, other than, save for, except for, aside from, unless from"),
        (Concept.Without, "without, lacking, missing, don't have, do not have, not having, that lack, lack"),
        (Concept.Until, "until, till, til, expires, expire, expiring, expires on, ends on, ending, valid until, up until, through to, ends, valid, lasting, no later than"),
        (Concept.Next, "next, coming, following, upcoming"),
        (Concept.PerTry, "per-try, per-attempt, per try, per attempt, each try, each attempt, every try, every attempt, for each try, for each attempt, per retry, each retry, per-retry, pertry, individual try, single try"),
        (Concept.Per, "per, each, every, for each, for every, individual, single, any one, any single, any given, one-by-one, keyed by, per each, by each, based on, keyed on"),
        (Concept.Second, "second, seconds, sec, secs, rps, qps, tps, req/s, r/s, reqs/s, requests/s, requests/sec, requests/second, calls/s, req/sec, per-second"),
        (Concept.Minute, "minute, minutes, min, mins, rpm, req/min, req/m, requests/min, requests/minute, requests/m, calls/min, per-minute, r/m"),
        (Concept.Hour, "hour, hours, hr, hrs, rph, requests/h, requests/hour, req/h, per-hour, hourly"),
        (Concept.Day, "day, days, requests/day, requests/d, req/day, per-day, daily"),
        (Concept.Week, "week, weeks"),
        (Concept.Times, "more tries, more attempts, extra tries, extra attempts, times, time, attempts, attempt, tries, more times, further times, additional times, extra times, more time"),
        (Concept.Client, "office, office network, office networks, vpn, corporate network, corporate networks, client, clients, ip, ips, caller, callers, visitor, client ip, client address, ip address, source ip, source address, address, addresses, remote address, client-ip, consumer, consumers, ip addresses, range, ranges, network, networks, subnet, subnets, cidr, cidrs"),
        (Concept.User, "user, customer, shopper, session, member, subscriber, account, tenant, person, logged-in user, api key, api keys, token"),
        (Concept.Total, "overall, altogether, in total, in all, globally, combined, all together"),
        (Concept.Everyone, "everyone, everybody, anyone, anybody, world, internet, the public, whole world, all clients, all users, all comers, all callers"),
        (Concept.Connect, "connection fails, connecting fails, connections fail, connection refused, connect, connection, connecting, connections, connect failures, connection failures, connect failure, connection failure, connect-failure, connect-failures, connection errors, connect errors, failed connections, connection establishment"),
        (Concept.Idle, "inactive, dormant, dead, idle, inactivity, idle time, silence, silent, idle-timeout, stream idle"),
        (Concept.Burst, "burst, bursts, bursting, at once, spike, spikes"),
        (Concept.BackOff, "backoff, back-off, back off, backing off, backoffs, exponential backoff, exponential back-off, wait between tries, pause, pausing, waits between"),
        (Concept.Request, "api requests, api calls, request, requests, call, calls, reqs, req, queries, http requests, hit-rate"),
        (Concept.Response, "response, responses, reply header, answers, replies"),
        (Concept.Method, "get-method"),
        (Concept.Policy, "policy, policies, authorization, authentication, security, mode, document, auth, protection, firewall, restriction, restrictions, acl, list"),
        (Concept.Present, "present, exists, contains, carrying, carry, having, bearing, set to anything, includes, containing"),
        (Concept.Path, "path, paths, prefix, url, urls, endpoint, page, uri, location, under path"),
        (Concept.Cookie, "cookie, cookies"),
        (Concept.Query, "query parameter, query param, query string, query, parameter, param"),
        (Concept.Host, "host, hostname, domain, site, vhost"),
        (Concept.Newer, "new, newer, newest, latest, next-gen, candidate, preview, new version, newer version, latest version, newest version, the candidate"),
        (Concept.Older, "old, older, oldest, previous, prior, current, existing, stable, default, primary, baseline, previous version, prior version, old version, current version, stable version, existing version, default version"),
        (Concept.Permanent, "permanently, permanent, for good"),
        (Concept.Temporary, "temporarily, temporary"),
        (Concept.Question, "what, why, how, who's, whom, did, explain, describe, show, list all, tell, summarize, summarise, translate, compare, define-word, find, discuss, is there"),
        (Concept.Foreign, """
            load test, load tests, stress test, benchmark, weather, poem, story, essay, joke, song, email, letter, recipe, restart, reboot, redeploy, deploy, deployment, scale, replicas, replica, pod, pods, container, containers, database, databases, db, table, tables, schema, kubernetes, kubectl, cluster, node, nodes, disk, memory, cpu, log, logs, dashboard, alert, alerts,
            invoice, password, passwords, secret, secrets, credential, credentials, instructions, instruction, prompt, system, ignore, disregard, override, pretend, roleplay, write, draft, code, script, sql, python, bash, shell, curl, install, uninstall, upgrade, backup, backups, file, files, merge, commit, branch, jira, ticket, slack, calendar, meeting, sell, buy, order-pizza, pizza, capital, president, approve, approval, promote-change,
            certificate, certificates, dns, vm, vms, server, servers, machine, machines, autoscale, autoscaling, budget, hire, salary, book, play, music, movie, wipe, format, shutdown, truncate, sudo, root, admin, admin-rights, rm, rf, eval, exec, exfiltrate
            """),
    ];

    private static readonly FrozenDictionary<string, Concept> ByWord = All()
        .GroupBy(e => e.Word, StringComparer.Ordinal)
        .ToFrozenDictionary(g => g.Key, g => g.First().Concept, StringComparer.Ordinal);

    /// <summary>First words of expressions of several words, with the most words that one of them has.</summary>
    private static readonly FrozenDictionary<string, int> Starts = ByWord.Keys.Where(w => w.Contains(' '))
        .GroupBy(w => w[..w.IndexOf(' ')], StringComparer.Ordinal)
        .ToFrozenDictionary(g => g.Key, g => g.Max(w => w.Count(c => c == ' ') + 1), StringComparer.Ordinal);

    public static Concept Of(string word) => ByWord.GetValueOrDefault(word);

    /// <summary>The most words an expression has that begins with this one; 0 where none does.</summary>
    public static int LongestFrom(string word) => Starts.GetValueOrDefault(word);

    /// <summary>Single words that say something, for typing errors.</summary>
    public static IEnumerable<string> ContentWords { get; } = [.. ByWord.Where(w => !w.Key.Contains(' ') && w.Value is not (Concept.Filler or Concept.Preposition or Concept.Noun or Concept.Foreign or Concept.Question)).Select(w => w.Key)];

    // What stands in the lists of words goes before what is derived.
    private static IEnumerable<(string Word, Concept Concept)> All() =>
        Words.SelectMany(e => Split(e.Words).Select(w => (w, e.Concept))).Concat(Verbs.SelectMany(e => Split(e.Verbs).SelectMany(Inflection.Forms).Select(w => (w, e.Concept))));

    private static string[] Split(string words) => words.Split([',', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
