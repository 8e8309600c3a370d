using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Tests.Storage;

/// <summary>Hosts.</summary>
public abstract partial class JobStoreConformance
{
    [Fact]
    public void There_are_no_hosts_at_first() => Reader.Hosts().Should().BeEmpty();

    [Fact]
    public void Hosts_are_kept_by_name_and_the_last_address_of_a_name_counts()
    {
        Store.PutHost(new HostRecord("web2", "tcp:web2:32000"));
        Store.PutHost(new HostRecord("web1", "exec:ssh web1 kuid-sysreqd -"));
        Store.PutHost(new HostRecord("web2", "unix:/run/web2"));

        Reader.Hosts().Should().Equal(new HostRecord("web1", "exec:ssh web1 kuid-sysreqd -"), new HostRecord("web2", "unix:/run/web2"));
        Reopen();
        Reader.Hosts().Should().HaveCount(2);
    }

    [Fact]
    public void A_host_is_removed_once()
    {
        Store.PutHost(new HostRecord("web1", "tcp:web1:32000"));

        Store.DeleteHost("web1").Should().BeTrue();
        Store.DeleteHost("web1").Should().BeFalse();

        Reader.Hosts().Should().BeEmpty();
    }
}
