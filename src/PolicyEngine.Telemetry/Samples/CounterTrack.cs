namespace PolicyEngine.Telemetry.Samples;

/// <summary>What was added between two reports of a series.</summary>
internal readonly record struct Increment(double Requests, double Errors, Histogram? Latency);

internal enum TrackOutcome { Added, First, Reset, Duplicate, Late, Impossible }

/// <summary>Turns the reports of one series into increments. Counters that go back begin anew, as Prometheus has it: what they show was added since.</summary>
internal sealed class CounterTrack
{
    // A source whose clock was set back says so three times in order before it is believed.
    private const int BackwardsBelieved = 3;

    private Sample? _last;
    private DateTimeOffset _lastBackwards;
    private int _backwards;

    public TrackOutcome Add(Sample sample, out Increment increment)
    {
        increment = default;
        if (_last is { } last && sample.At <= last.At && !Believed(sample, last)) return sample.At == last.At ? TrackOutcome.Duplicate : TrackOutcome.Late;
        _backwards = 0;
        var before = _last;
        _last = sample;
        if (!sample.Cumulative)
        {
            increment = new(sample.Requests, sample.Errors, sample.Latency);
            return TrackOutcome.Added;
        }
        if (before is not { Cumulative: true }) return TrackOutcome.First;
        if (sample.Requests < before.Requests || sample.Errors < before.Errors)
        {
            increment = new(sample.Requests, sample.Errors, sample.Latency);
            return TrackOutcome.Reset;
        }
        var (requests, errors) = (sample.Requests - before.Requests, sample.Errors - before.Errors);
        if (errors > requests) return TrackOutcome.Impossible;
        increment = new(requests, errors, before.Latency is { } then ? sample.Latency?.Since(then) : null);
        return TrackOutcome.Added;
    }

    private bool Believed(Sample sample, Sample last)
    {
        if (sample.At == last.At) return false;
        _backwards = sample.At > _lastBackwards ? _backwards + 1 : 1;
        _lastBackwards = sample.At;
        return _backwards >= BackwardsBelieved;
    }
}
