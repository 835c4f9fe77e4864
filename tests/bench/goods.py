"""Product files of any size, the same every time: what the bench imports."""

BRANDS = "农夫山泉 康师傅 统一 三只松鼠 百草味 良品铺子 伊利 蒙牛 光明 旺旺 卫龙 洽洽 达利园 好丽友 奥利奥 乐事 可比克 元气森林 娃哈哈 怡宝".split()
GOODS = "矿泉水 绿茶 红茶 乌龙茶 牛奶 酸奶 饼干 薯片 坚果 瓜子 方便面 火腿肠 面包 蛋糕 巧克力 果冻 话梅 豆干 海苔 咖啡".split()
TASTES = "原味 香辣 番茄 烧烤 海盐 柠檬 蜜桃 葡萄 草莓 芒果 抹茶 红豆 桂花 茉莉 无糖 低脂 全麦 黑糖 奶油 五香 麻辣 藤椒 咖喱 芥末 青瓜".split()
UNITS = "瓶 袋 盒 桶 罐".split()
HEADER = "code,barcodes,name,unit,price,tax_rate,tax_code,kind\n"


def code(n):
    return str(1000000 + n)


def barcode(n):
    digits = "690%09d" % (n * 7919 % 1000000007 % 1000000000)
    total = sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits))
    return digits + str(-total % 10)


def row(n):
    b, rest = n % len(BRANDS), n // len(BRANDS)
    g, rest = rest % len(GOODS), rest // len(GOODS)
    t, size = rest % len(TASTES), rest // len(TASTES)
    price = 100 + n * 37 % 9900
    return "%s,%s,%s%s%s %dg,%s,%d.%02d,13%%,1030201010000000000,piece\n" % (
        code(n), barcode(n), BRANDS[b], TASTES[t], GOODS[g], 50 + size * 5, UNITS[n % 5], price // 100, price % 100)


def write(path, count):
    with open(path, "w", encoding="utf-8") as file:
        file.write(HEADER)
        for start in range(0, count, 10000):
            file.write("".join(row(n) for n in range(start, min(start + 10000, count))))
