namespace Kuid.Jobd.Core.Jobs.Waiting;

/// <summary>
/// The jobs that are not over by their concurrency key, from before they are on disk: what the policies skip and replace look at.
/// </summary>
/// <param name="find">The jobs in memory.</param>
internal sealed class KeyClaims(Func<long, Job?> find)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<Claim>> _claims = new(StringComparer.Ordinal);

    /// <summary>Notes a job if it may come.</summary>
    /// <returns>Null when it may; for the policy skip the id of another one of the key that is there.</returns>
    internal long? TryClaim(long id, JobSpec spec)
    {
        lock (_gate)
        {
            if (spec is { Key: { } key, KeyPolicy: KeyPolicy.Skip } && _claims.TryGetValue(key, out List<Claim>? claims)
                && claims.Find(claim => find(claim.Id) is not { IsGone: true }) is { } other)
            {
                // One that is over is released a moment later, and whoever has seen its end need not wait for that.
                return other.Id;
            }

            Note(id, spec);
            return null;
        }
    }

    /// <summary>Notes a job, whatever else there is.</summary>
    internal void Note(long id, JobSpec spec)
    {
        if (spec.Key is not { } key)
        {
            return;
        }

        lock (_gate)
        {
            if (!_claims.TryGetValue(key, out List<Claim>? claims))
            {
                _claims[key] = claims = [];
            }

            claims.Add(new Claim(id, spec.KeyPolicy));
        }
    }

    /// <summary>Takes back what has been noted of a job.</summary>
    internal void Release(long id, JobSpec spec)
    {
        if (spec.Key is not { } key)
        {
            return;
        }

        lock (_gate)
        {
            if (_claims.TryGetValue(key, out List<Claim>? claims))
            {
                claims.RemoveAll(claim => claim.Id == id);
                if (claims.Count == 0)
                {
                    _claims.Remove(key);
                }
            }
        }
    }

    /// <summary>A job has been taken in: those of its key that came before one which replaces them are to be cancelled.</summary>
    /// <returns>Them, each with the one that replaces it. The job itself may be among them: it may have been overtaken on its way in.</returns>
    internal IReadOnlyList<(long Id, long By)> Enter(long id, JobSpec spec)
    {
        if (spec.Key is not { } key)
        {
            return [];
        }

        lock (_gate)
        {
            if (!_claims.TryGetValue(key, out List<Claim>? claims))
            {
                return [];
            }

            foreach (Claim claim in claims.Where(claim => claim.Id == id))
            {
                claim.IsIn = true;
            }

            int last = claims.FindLastIndex(claim => claim is { IsIn: true, Policy: KeyPolicy.Replace });
            return last <= 0 ? [] : [.. claims.Take(last).Where(claim => claim.IsIn).Select(claim => (claim.Id, claims[last].Id))];
        }
    }

    private sealed class Claim(long id, KeyPolicy policy)
    {
        internal long Id { get; } = id;

        internal KeyPolicy Policy { get; } = policy;

        /// <summary>Whether it is on disk and can be cancelled.</summary>
        internal bool IsIn { get; set; }
    }
}
