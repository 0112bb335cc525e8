using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using PolicyEngine.Telemetry.Detecting;
using PolicyEngine.Telemetry.Governing;
using PolicyEngine.Telemetry.Tests.Simulation;
using Xunit;

namespace PolicyEngine.Telemetry.Tests.Governing;

/// <summary>Whatever happens, in whatever order: the bounds hold. The world around the machine carries out what it decides, or fails to, or dies.</summary>
public sealed class RemedyPropertyTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly RemedyRules Rules = new() { MostPerHour = 3, ShortestCoolDown = TimeSpan.FromMinutes(2) };
    private static readonly TimeSpan CoolDown = TimeSpan.FromMinutes(10);

    [Property(MaxTest = 500)]
    public void Bounds_HoldOverAnyHistory(int seed)
    {
        var world = new World(seed);
        for (var i = 0; i < 400; i++) world.Step();
        foreach (var target in world.Made.GroupBy(m => m.Target))
            Assert.All(target.Zip(target.Skip(1)), pair => Assert.True(pair.Second.At - pair.First.At >= CoolDown, $"{target.Key}: {pair.First.At} {pair.Second.At}"));
        Assert.All(world.Made, m => Assert.True(world.Made.Count(o => o.At > m.At - TimeSpan.FromHours(1) && o.At <= m.At) <= Rules.MostPerHour));
    }

    [Property(MaxTest = 100)]
    public void FlappingFinding_GetsAtMostOneRemedyACoolDown(PositiveInt on, PositiveInt off)
    {
        var (state, at, proposed) = (RemedyState.Initial(Rules), Start, new List<DateTimeOffset>());
        for (var i = 0; i < 300; i++)
        {
            at = at.AddSeconds(i % 2 == 0 ? 1 + on.Get % 300 : 1 + off.Get % 300);
            var (next, decisions) = RemedyMachine.Handle(state, i % 2 == 0 ? new IncidentOpened(at, "f-1", "checkout") : new IncidentClosed(at, "f-1"), Rules);
            state = next;
            foreach (var _ in decisions.OfType<Propose>())
            {
                proposed.Add(at);
                state = RemedyMachine.Handle(state, new Proposed(at, "f-1", $"c-{i}", "p", TimeSpan.FromSeconds(30), CoolDown, at.AddHours(1)), Rules).State;
            }
        }
        Assert.NotEmpty(proposed);
        Assert.All(proposed.Zip(proposed.Skip(1)), p => Assert.True(p.Second - p.First >= CoolDown));
    }

    [Property(MaxTest = 300)]
    public void AnyEvents_InAnyOrder_NeverThrowAndStayBounded(int seed)
    {
        var dice = new Dice(seed);
        var rules = Rules with { MostIncidents = 5 };
        var state = RemedyState.Initial(rules);
        for (var i = 0; i < 200; i++)
        {
            (state, _) = RemedyMachine.Handle(state, Any(dice), rules);
            Assert.True(state.Incidents.Count <= 5);
            Assert.True(state.Incidents.GroupBy(x => x.Target).All(g => g.Count(x => x.HasRemedy) <= g.Count()));
        }
    }

    [Property(MaxTest = 200)]
    public void Events_AreReadBackAsWritten(int seed)
    {
        var happened = Any(new Dice(seed));
        Assert.Equal(happened, RemedyEventJson.Read(RemedyEventJson.Write(happened)));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"event\":\"unheard-of\"}")]
    [InlineData("{\"event\":\"promoted\",\"at\":\"2026-11-24T12:00:00Z\"}")]
    [InlineData("{\"event\":\"tick\",\"at\":\"2026-11-24T12:00:00Z\",\"more\":1}")]
    public void Events_ThatAreNone_AreRefused(string json) => Assert.Throws<JsonException>(() => RemedyEventJson.Read(json));

    private static RemedyEvent Any(Dice dice)
    {
        var (at, id, change) = (Start.AddSeconds(dice.Next() * 10_000), $"f-{(int)(dice.Next() * 8)}", $"c-{(int)(dice.Next() * 4)}");
        return (int)(dice.Next() * 13) switch
        {
            0 => new SwitchTurned(at, dice.Next() < 0.5, "ada"),
            1 or 2 => new IncidentOpened(at, id, $"s-{(int)(dice.Next() * 3)}"),
            3 => new IncidentClosed(at, id),
            4 => new Proposed(at, id, change, "p", TimeSpan.FromSeconds(30), CoolDown, at.AddHours(1)),
            5 => new NotProposed(at, id, "no"),
            6 => new Refused(at, id, change, "no"),
            7 => new Promoted(at, id, change),
            8 => new RecoveryJudged(at, id, (Verdict)(int)(dice.Next() * 3)),
            9 => new RolledBack(at, id, change),
            10 => new RollbackFailed(at, id, change, "no"),
            11 => new Restarted(at),
            _ => new Tick(at),
        };
    }

    /// <summary>Carries out decisions late, wrongly, or not at all, dies and comes back, and keeps account of what the machine may never do.</summary>
    private sealed class World(int seed)
    {
        private readonly Dice _dice = new(seed);
        private readonly List<RemedyEvent> _recorded = [];
        private readonly List<RemedyDecision> _todo = [];
        private RemedyState _state = RemedyState.Initial(Rules);
        private DateTimeOffset _now = Start;
        private int _changes;
        private bool _on = true;

        public List<(DateTimeOffset At, string Target)> Made { get; } = [];

        public void Step()
        {
            _now = _now.AddSeconds(_dice.Next() * 120);
            var id = $"f-{(int)(_dice.Next() * 6)}";
            var change = _state.Find(id)?.Change ?? "c-0";
            switch ((int)(_dice.Next() * 14))
            {
                case 0:
                    _on = _dice.Next() < 0.7;
                    Happen(new SwitchTurned(_now, _on, "ada"));
                    break;
                case 1 or 2 or 3:
                    Happen(new IncidentOpened(_now, id, $"s-{id[^1] % 3}"));
                    break;
                case 4:
                    Happen(new IncidentClosed(_now, id));
                    break;
                case 5 or 6:
                    Happen(new Promoted(_now, id, change));
                    break;
                case 7 or 8:
                    Happen(new RecoveryJudged(_now, id, (Verdict)(int)(_dice.Next() * 3)));
                    break;
                case 9:
                    Happen(new Refused(_now, id, change, "no"));
                    break;
                case 10:
                    // It dies: what was decided and not done is forgotten.
                    _todo.Clear();
                    _state = RemedyMachine.Rebuild(_recorded, Rules);
                    if (_dice.Next() < 0.7) Happen(new Restarted(_now));
                    break;
                default:
                    Happen(new Tick(_now));
                    break;
            }
            CarryOut();
        }

        private void CarryOut()
        {
            foreach (var decision in _todo.ToList())
            {
                if (_dice.Next() < 0.3) continue;
                _todo.Remove(decision);
                switch (decision)
                {
                    case Propose when _dice.Next() < 0.2:
                        Happen(new NotProposed(_now, decision.Incident, "no playbook"));
                        break;
                    case Propose:
                        Made.Add((_now, _state.Find(decision.Incident)!.Target));
                        Happen(new Proposed(_now, decision.Incident, $"c-{++_changes}", "p", TimeSpan.FromSeconds(60), CoolDown, _now.AddHours(1)));
                        break;
                    case RollBack back:
                        Happen(_dice.Next() < 0.2 ? new RollbackFailed(_now, back.Incident, back.Change, "no") : new RolledBack(_now, back.Incident, back.Change));
                        break;
                }
            }
        }

        private void Happen(RemedyEvent happened)
        {
            var (state, decisions) = RemedyMachine.Handle(_state, happened, Rules);
            _state = state;
            if (happened is not Tick) _recorded.Add(happened);
            if (!_on) Assert.DoesNotContain(decisions, d => d is Propose or RollBack);
            _todo.AddRange(decisions);
            Assert.All(_state.Incidents.GroupBy(i => i.Incident), g => Assert.Single(g));
            Assert.All(_state.Incidents.Where(i => i.HasRemedy).GroupBy(i => i.Target), g => Assert.Single(g));
        }
    }
}
