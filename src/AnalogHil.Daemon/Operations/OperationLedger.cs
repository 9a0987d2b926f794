using System.Diagnostics.CodeAnalysis;
using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Errors;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Operations;

/// <summary>Every operation of this daemon, by name; of the ended ones the youngest.</summary>
internal sealed class OperationLedger(TimeProvider time, int endedKept)
{
    private readonly Lock _gate = new();
    private readonly List<CampaignOperation> _operations = [];

    /// <summary>Adds a campaign.</summary>
    public CampaignOperation Create(CampaignRequest request)
    {
        var operation = new CampaignOperation($"operations/{Guid.CreateVersion7(time.GetUtcNow()):N}", request, time);
        lock (_gate)
        {
            _operations.Add(operation);
            List<CampaignOperation> ended = _operations.FindAll(candidate => candidate.IsDone);
            foreach (CampaignOperation old in ended.Take(Math.Max(0, ended.Count - endedKept)))
            {
                _operations.Remove(old);
            }
        }

        return operation;
    }

    /// <summary>Forgets a campaign that was never started, or has ended.</summary>
    public void Remove(CampaignOperation operation)
    {
        lock (_gate)
        {
            _operations.Remove(operation);
        }
    }

    /// <summary>The operation of that name.</summary>
    /// <exception cref="CampaignException">There is none.</exception>
    public CampaignOperation Get(string name) => TryGet(name, out CampaignOperation? operation)
        ? operation
        : throw new CampaignException(
            ErrorReason.NotFound, $"no operation '{name}': this daemon keeps those that run and the last {endedKept} that ended; list them with google.longrunning.Operations");

    /// <summary>All operations, oldest first.</summary>
    public IReadOnlyList<CampaignOperation> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _operations];
            }
        }
    }

    private bool TryGet(string name, [NotNullWhen(true)] out CampaignOperation? operation)
    {
        lock (_gate)
        {
            operation = _operations.Find(candidate => candidate.Name == name);
            return operation is not null;
        }
    }
}
