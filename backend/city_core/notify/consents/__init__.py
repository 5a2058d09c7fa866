"""Subscribe messages 订阅消息 of WeChat: each yes of a person is good for one message of a template."""
