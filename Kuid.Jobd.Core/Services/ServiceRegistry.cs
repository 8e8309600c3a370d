namespace Kuid.Jobd.Core.Services;

/// <summary>
/// Who has which name. A name is the first one's who offers it; others who offer it too wait in line, and have it as soon as those
/// before them have left. Nobody asks again: each is told when something changes for it.
/// </summary>
public sealed class ServiceRegistry
{
    private readonly Lock _gate = new();

    // The first in each list has the name.
    private readonly Dictionary<string, List<OfferedService>> _claims = new(StringComparer.Ordinal);

    /// <summary>Is called after each change with the queues in which another number of calls may run now.</summary>
    public Action<string>? LimitChanged { get; set; }

    /// <summary>The services that can be called, by name.</summary>
    public IReadOnlyList<OfferedService> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _claims.Values.Select(line => line[0]).OrderBy(service => service.Definition.Name, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>A service by its name; null when nobody offers it.</summary>
    public OfferedService? Find(string name)
    {
        lock (_gate)
        {
            return _claims.TryGetValue(name, out List<OfferedService>? line) ? line[0] : null;
        }
    }

    /// <summary>How many calls run at once in a queue that is a service's; null where nothing is said.</summary>
    public int? LimitOf(string queue)
    {
        ArgumentNullException.ThrowIfNull(queue);
        string prefix = OfferedService.QueueOf(string.Empty);
        return queue.StartsWith(prefix, StringComparison.Ordinal) ? Find(queue[prefix.Length..])?.Definition.Max : null;
    }

    /// <summary>Takes all that a subserver offers, in place of what it offered before, and tells it of each name.</summary>
    internal void Offer(SubserverConnection by, ServiceOffer offer)
    {
        string[] names = [.. offer.Services.Select(service => service.Name)];
        string[] changed;
        lock (_gate)
        {
            changed = [.. names.Union(Without(by, except: [.. names]), StringComparer.Ordinal)];
            foreach (ServiceDefinition service in offer.Services)
            {
                Claim(new OfferedService(service, by));
            }
        }

        Tell(changed);
    }

    /// <summary>Takes everything away that a subserver has.</summary>
    internal void Leave(SubserverConnection by)
    {
        IReadOnlyList<string> changed;
        lock (_gate)
        {
            changed = Without(by, except: []);
        }

        Tell(changed);
    }

    private void Claim(OfferedService claim)
    {
        string name = claim.Definition.Name;
        if (!_claims.TryGetValue(name, out List<OfferedService>? line))
        {
            _claims[name] = line = [];
        }

        int place = line.FindIndex(other => other.Subserver == claim.Subserver);
        if (place < 0)
        {
            place = line.Count;
            line.Add(claim);
        }

        line[place] = claim;
        claim.Subserver.Send(place == 0
            ? RegistryMessage.Of(RegistryVerb.Granted, name)
            : RegistryMessage.Of(RegistryVerb.Taken, name, line[0].Subserver.OwnerId));
    }

    private List<string> Without(SubserverConnection by, HashSet<string> except)
    {
        var changed = new List<string>();
        foreach ((string name, List<OfferedService> line) in _claims.Where(claim => !except.Contains(claim.Key)).ToList())
        {
            bool had = line[0].Subserver == by;
            if (line.RemoveAll(claim => claim.Subserver == by) == 0)
            {
                continue;
            }

            changed.Add(name);
            if (line.Count == 0)
            {
                _claims.Remove(name);
            }
            else if (had)
            {
                line[0].Subserver.Send(RegistryMessage.Of(RegistryVerb.Granted, name));
            }
        }

        return changed;
    }

    private void Tell(IEnumerable<string> names)
    {
        foreach (string name in names)
        {
            LimitChanged?.Invoke(OfferedService.QueueOf(name));
        }
    }
}
