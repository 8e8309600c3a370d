using Kuid.Jobd.Core.Services;

namespace Kuid.Jobd.Core.Tests.Services;

public sealed class ServiceRegistrySpecs
{
    private readonly ServiceRegistry _registry = new();

    [Fact]
    public void Claims_to_a_name_wait_in_line_and_each_is_told_when_it_is_its_turn()
    {
        SubserverConnection first = Connect(1), second = Connect(2), third = Connect(3);
        Offer(first, "date");
        Offer(second, "date");
        Offer(third, "date");
        Said(first).Should().Equal("GRANTED date");
        Said(second).Should().Equal("TAKEN date 1");
        Said(third).Should().Equal("TAKEN date 1");

        second.Close();
        first.Close();

        Said(third).Should().Equal("GRANTED date");
        _registry.Find("date")!.Subserver.Should().BeSameAs(third);
        third.Close();
        _registry.All.Should().BeEmpty();
    }

    [Fact]
    public void An_offer_without_a_name_lets_it_go_and_an_offer_with_it_keeps_the_place()
    {
        SubserverConnection first = Connect(1), second = Connect(2);
        Offer(first, "a", "b");
        Offer(second, "a", "b");
        _ = Said(first);
        _ = Said(second);

        Offer(first, "b", "c");

        Said(first).Should().Equal("GRANTED b", "GRANTED c");
        Said(second).Should().Equal("GRANTED a");
        _registry.All.Select(service => (service.Definition.Name, service.Subserver.OwnerId)).Should().Equal(("a", 2u), ("b", 1u), ("c", 1u));
    }

    [Fact]
    public void A_refused_offer_changes_nothing()
    {
        SubserverConnection first = Connect(1);
        Offer(first, "a");
        _ = Said(first);

        first.Receive(RegistryMessage.Of(RegistryVerb.Offer, "{}"));

        Said(first).Should().ContainSingle().Which.Should().StartWith("REFUSED the offer is not as it has to be");
        _registry.Find("a").Should().NotBeNull();
    }

    [Fact]
    public void The_limit_of_a_services_queue_is_what_its_owner_says_now()
    {
        var told = new List<string>();
        _registry.LimitChanged = told.Add;
        SubserverConnection first = Connect(1);
        first.Receive(RegistryMessage.Of(RegistryVerb.Offer, new ServiceOffer([new ServiceDefinition { Name = "a", Max = 3 }]).ToJson()));
        _registry.LimitOf("service:a").Should().Be(3);
        _registry.LimitOf("a").Should().BeNull();

        first.Receive(RegistryMessage.Of(RegistryVerb.Offer, new ServiceOffer([new ServiceDefinition { Name = "a", Max = 1 }]).ToJson()));
        _registry.LimitOf("service:a").Should().Be(1);
        first.Close();

        _registry.LimitOf("service:a").Should().BeNull();
        told.Should().Equal("service:a", "service:a", "service:a");
    }

    [Fact]
    public void A_subserver_that_takes_no_messages_is_let_go_before_it_fills_the_memory()
    {
        SubserverConnection stuck = Connect(1);
        for (int i = 0; i < 5000; i++)
        {
            Offer(stuck, "a");
        }

        Said(stuck).Should().HaveCount(4096);
        stuck.Outgoing.Completion.IsCompleted.Should().BeTrue();
    }

    [Theory]
    [InlineData("STARTED", "field")]
    [InlineData("ENDED 1 0 x 0 0 0 0", "number")]
    [InlineData("HELLO", "\"HELLO\" is no message of a subserver's")]
    public void What_is_no_message_is_an_error(string payload, string reason)
    {
        Action receive = () => Connect(1).Receive(RegistryMessage.Parse(System.Text.Encoding.ASCII.GetBytes(payload.Replace(' ', '\0'))));

        receive.Should().Throw<FormatException>().WithMessage($"*{reason}*");
    }

    private SubserverConnection Connect(uint owner) => new(_registry, owner);

    private static void Offer(SubserverConnection by, params string[] names) => by.Receive(
        RegistryMessage.Of(RegistryVerb.Offer, new ServiceOffer([.. names.Select(name => new ServiceDefinition { Name = name })]).ToJson()));

    private static List<string> Said(SubserverConnection to)
    {
        var said = new List<string>();
        while (to.Outgoing.TryRead(out OutgoingMessage? outgoing))
        {
            said.Add(string.Join(' ', Enumerable.Range(0, outgoing.Message.Count).Select(outgoing.Message.Text).Prepend(outgoing.Message.Verb)));
        }

        return said;
    }
}
